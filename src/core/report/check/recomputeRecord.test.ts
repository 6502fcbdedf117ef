import { expect, it } from 'vitest'
import { exampleTextRun } from '../../../../test/exampleTextRun'
import { exampleRun } from '../../../../test/exampleRun'
import type { Step } from '../../run/record'
import { recomputeRecord } from './recomputeRecord'

const record = exampleRun()
const withFirst = (change: Partial<Step>) =>
  exampleRun({ steps: record.steps.map((step, i) => (i === 0 ? { ...step, ...change } : step)) })
const wrongPaths = (change: Partial<Step>) =>
  recomputeRecord(withFirst(change)).mismatches.map(({ path }) => path)

it('finds nothing wrong in a record as it was made', () => {
  const { mismatches, figureCount } = recomputeRecord(record)
  expect(mismatches).toEqual([])
  expect(figureCount).toBeGreaterThan(50)
})

it('finds a median that its samples do not have', () => {
  const latencyMs = { ...record.steps[0]!.latencyMs!, median: 0.1 }
  expect(wrongPaths({ latencyMs })).toEqual(['steps.0.latencyMs.median'])
})

it('finds what follows from a sample that was changed', () => {
  const latencySamplesMs = record.steps[0]!.latencySamplesMs.map((value) => value / 2)
  expect(wrongPaths({ latencySamplesMs })).toContain('steps.0.throughputPerSecond')
})

it('finds a theory that is not the sum of its terms', () => {
  const { memory } = record.steps[0]!
  const planned = memory.theory!
  const theory = { ...planned, peakBytes: 2 * planned.peakBytes }
  expect(wrongPaths({ memory: { ...memory, theory } })).toContain('steps.0.memory.theory.peakBytes')
})

it('finds nothing wrong with a run on text, and a wrong rate of tokens', () => {
  const record = exampleTextRun()
  expect(recomputeRecord(record)).toMatchObject({ mismatches: [], record })
  const [first, ...others] = record.steps
  const wrong = { ...record, steps: [{ ...first!, tokensPerSecond: 1 }, ...others] }
  expect(recomputeRecord(wrong).mismatches).toMatchObject([
    { path: 'steps.0.tokensPerSecond', stored: 1 },
  ])
})
