import { expect, it } from 'vitest'
import { plannedStep } from '../../../test/runRecords'
import { trainingVariants, variantHues, variantMarks } from './trainingVariants'

const full = plannedStep({ mode: 'train', method: 'full', optimizer: 'adamw' })
const lora = plannedStep({ mode: 'train', method: 'lora', optimizer: 'adamw' })
const eightBit = plannedStep({ mode: 'train', method: 'full', optimizer: 'adamw-8bit' })

it('numbers ways of training in the order of the run', () => {
  const variantOf = trainingVariants([full, lora, eightBit, lora])
  expect([full, lora, eightBit].map(variantOf)).toEqual([0, 1, 2])
})

it('gives one number to one way in every precision', () => {
  const half = plannedStep({
    mode: 'train',
    method: 'lora',
    optimizer: 'adamw',
    precision: 'fp16',
  })
  const variantOf = trainingVariants([full, lora, half])
  expect(variantOf(half)).toBe(variantOf(lora))
})

it('counts inference as the first, whatever is trained beside it', () => {
  const infer = plannedStep({ mode: 'infer' })
  expect(trainingVariants([infer, lora])(infer)).toBe(0)
  expect(trainingVariants([infer, lora])(lora)).toBe(0)
})

it('pairs hues and marks into 30 different looks', () => {
  const looks = Array.from({ length: 30 }, (_, i) => `${i % variantHues} ${i % variantMarks}`)
  expect(new Set(looks).size).toBe(30)
})
