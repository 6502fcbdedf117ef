import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { precisions } from '../dtype'
import { InputError } from '../errors'
import { GB } from '../units'
import { totalBytes } from './memoryTerms'
import { maxTextbookParameterCount, type TextbookOptimizer, textbookMemory } from './textbook'

const optimizers: readonly TextbookOptimizer[] = ['sgd', 'momentum', 'adam', 'adamw']

describe('textbookMemory', () => {
  it.each([
    // 7e9 × 4 B = 28 GB, once for weights, once for gradients, twice for Adam's moments
    ['fp32', 28, 28, 56, 112],
    // 7e9 × 2 B = 14 GB
    ['fp16', 14, 14, 28, 56],
    ['bf16', 14, 14, 28, 56],
    // 7e9 × 1 B = 7 GB
    ['int8', 7, 7, 14, 28],
  ] as const)(
    'trains 7e9 parameters with AdamW in %s with %d + %d + %d = %d GB',
    (precision, weights, gradients, states, total) => {
      const job = { parameterCount: 7e9, precision, optimizer: 'adamw', task: 'train' } as const
      const { terms } = textbookMemory(job)
      expect(terms.weightsBytes).toBe(weights * GB)
      expect(terms.gradientsBytes).toBe(gradients * GB)
      expect(terms.optimizerStatesBytes).toBe(states * GB)
      expect(totalBytes(terms)).toBe(total * GB)
    },
  )

  it.each([
    ['fp32', 28],
    ['fp16', 14],
    ['int8', 7],
  ] as const)('loads 7e9 parameters in %s with %d GB', (precision, weights) => {
    const job = { parameterCount: 7e9, precision, optimizer: 'adamw', task: 'load' } as const
    const { terms, explained } = textbookMemory(job)
    expect(totalBytes(terms)).toBe(weights * GB)
    expect(explained.map(({ term }) => term)).toEqual(['weightsBytes'])
  })

  it.each([
    ['sgd', 0],
    ['momentum', 1],
    ['adam', 2],
    ['adamw', 2],
  ] as const)('keeps for %s %d states per parameter', (optimizer, stateCount) => {
    const job = { parameterCount: 1e6, precision: 'fp32', optimizer, task: 'train' } as const
    expect(textbookMemory(job).terms.optimizerStatesBytes).toBe(stateCount * 4e6)
  })

  it('shows the numbers it multiplied', () => {
    const { explained } = textbookMemory({
      parameterCount: 7e9,
      precision: 'fp16',
      optimizer: 'adamw',
      task: 'train',
    })
    expect(
      explained.map(({ symbol, formula, substituted }) => [symbol, formula, substituted]),
    ).toEqual([
      ['M_weights', 'N × b', '7e9 × 2 B'],
      ['M_gradients', 'N × b', '7e9 × 2 B'],
      ['M_states', 'k × N × b', '2 × 7e9 × 2 B'],
    ])
  })

  it('explains every byte of its total, and in whole bytes', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: maxTextbookParameterCount }),
        fc.constantFrom(...precisions),
        fc.constantFrom(...optimizers),
        fc.constantFrom('train' as const, 'load' as const),
        (parameterCount, precision, optimizer, task) => {
          const { terms, explained } = textbookMemory({
            parameterCount,
            precision,
            optimizer,
            task,
          })
          const sum = explained.reduce((bytes, term) => bytes + term.bytes, 0)
          expect(sum).toBe(totalBytes(terms))
          expect(Number.isSafeInteger(sum) || sum === 2 ** 53).toBe(true)
          expect(sum).toBeGreaterThanOrEqual(parameterCount)
        },
      ),
    )
  })

  it.each([0, 0.5, -7e9, Number.NaN, Number.POSITIVE_INFINITY, 1e308])(
    'refuses %s parameters by the name of the field',
    (parameterCount) => {
      const job = { parameterCount, precision: 'fp32', optimizer: 'sgd', task: 'load' } as const
      expect(() => textbookMemory(job)).toThrow(InputError)
      expect(() => textbookMemory(job)).toThrow(/parameters/)
    },
  )
})
