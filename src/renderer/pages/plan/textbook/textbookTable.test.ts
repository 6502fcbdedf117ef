import { describe, expect, it } from 'vitest'
import { GB } from '../../../../core/units'
import { gpuChoices } from './gpuChoices'
import { textbookTable } from './textbookTable'

const t4 = gpuChoices.find(({ id }) => id === 't4')!
const gigabytes = (limitBytes: number) =>
  textbookTable(7e9, limitBytes).map((row) => row.map((cell) => cell.totalBytes / GB))

describe('textbookTable', () => {
  it('holds the figures of the course for 7 B parameters', () => {
    // load N·b, SGD 2·N·b, momentum 3·N·b, Adam and AdamW 4·N·b, with b = 4, 2, 1
    expect(gigabytes(t4.limitBytes)).toEqual([
      [28, 56, 84, 112, 112],
      [14, 28, 42, 56, 56],
      [7, 14, 21, 28, 28],
    ])
  })

  it('fits 7 B parameters into a T4 for loading in fp16 and int8, and SGD in int8 only', () => {
    const fitting = textbookTable(7e9, t4.limitBytes)
      .flat()
      .filter(({ fits }) => fits)
      .map(({ precision, task }) => `${precision} ${task}`)
    expect(fitting).toEqual(['fp16 load', 'int8 load', 'int8 sgd'])
  })

  it('takes what CUDA shows of a T4, and the box of a GPU where nobody printed that', () => {
    expect(t4).toMatchObject({ marketedGigabytes: 16, limitBytes: 15_636_365_312 })
    const a10 = gpuChoices.find(({ id }) => id === 'a10')!
    expect(a10).toMatchObject({ marketedGigabytes: 24, visibleBytes: null, limitBytes: 24 * GB })
  })
})
