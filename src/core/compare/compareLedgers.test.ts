import { expect, it } from 'vitest'
import { plannedStep, stepMemory } from '../../../test/runRecords'
import { memoryTermNames } from '../estimate/memoryTerms'
import type { Step } from '../run/record'
import { compareLedgers } from './compareLedgers'
import { ledgerTerms } from './comparison'

const training = { weightsBytes: 1000, gradientsBytes: 1000, optimizerStatesBytes: 2000 }
const step = (change: Partial<Step['memory']> = {}, activationsBytes = 5000) =>
  plannedStep({ memory: { ...stepMemory({ ...training, activationsBytes }, 300), ...change } })
const line = (a: Step, b: Step, name: (typeof ledgerTerms)[number]) =>
  compareLedgers(a, b).find((term) => term.name === name)

it('gives every line, known or not, in one order', () => {
  expect(compareLedgers(step(), step()).map(({ name }) => name)).toEqual(ledgerTerms)
})

it('subtracts line by line', () => {
  const [a, b] = [step(), step({}, 3500)]
  expect(line(a, b, 'activationsBytes')).toEqual({
    name: 'activationsBytes',
    origin: 'theory',
    a: 5000,
    b: 3500,
    differenceBytes: -1500,
  })
  // 1000 + 1000 + 2000 + 5000 + 300 counted, and 1500 fewer
  expect(line(a, b, 'allocatedPeakBytes')).toMatchObject({ a: 9300, b: 7800, origin: 'allocated' })
  expect(line(a, b, 'unexplainedBytes')).toMatchObject({ a: 300, b: 300, differenceBytes: 0 })
})

it('lets the terms of the theory add up to its peak, and the rest to the counted one', () => {
  const bytes = (name: string) =>
    compareLedgers(step(), step()).find((term) => term.name === name)?.a ?? 0
  const sum = memoryTermNames.map(bytes).reduce((total, term) => total + term, 0)
  expect(sum).toBe(bytes('theoryPeakBytes'))
  expect(sum + bytes('unexplainedBytes')).toBe(bytes('allocatedPeakBytes'))
})

it('tells nothing apart from 0', () => {
  const known = step({ arenaSlackBytes: 0, contextBytes: 4096 })
  expect(line(step(), known, 'arenaSlackBytes')).toMatchObject({
    a: null,
    b: 0,
    differenceBytes: null,
  })
  const bare = plannedStep()
  expect(compareLedgers(bare, known).every(({ a }) => a === null)).toBe(true)
  expect(line(bare, known, 'contextBytes')).toMatchObject({ b: 4096, differenceBytes: null })
})
