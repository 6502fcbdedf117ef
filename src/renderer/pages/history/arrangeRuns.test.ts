import { expect, it } from 'vitest'
import type { RunSummary } from '../../../protocol/contract'
import { arrangeRuns, inOrderOfTime } from './arrangeRuns'
import { newestMeasured } from './useRunChoice'

function summary(id: string, change: Partial<RunSummary> = {}): RunSummary {
  return {
    id,
    startedAt: `2026-01-0${id}T00:00:00.000Z`,
    outcome: 'completed',
    deviceName: 'Tesla T4',
    network: 'digits-mlp',
    provider: 'cuda',
    modes: ['infer'],
    precisions: ['fp32', 'int8'],
    batchSize: 64,
    stepCount: 2,
    completedStepCount: 2,
    intact: true,
    otherVersion: false,
    ...change,
  }
}

const runs = [
  summary('1', { batchSize: 128 }),
  summary('2', { batchSize: 16, deviceName: 'Example CPU' }),
  summary('3', { batchSize: 128, completedStepCount: 0 }),
]
const ids = (found: readonly RunSummary[]) => found.map(({ id }) => id)

it('sorts numbers as numbers, and equal ones newest first', () => {
  expect(ids(arrangeRuns(runs, '', { column: 'batchSize', descending: false }))).toEqual([
    '2',
    '3',
    '1',
  ])
  expect(ids(arrangeRuns(runs, '', { column: 'batchSize', descending: true }))).toEqual([
    '3',
    '1',
    '2',
  ])
})

it('finds runs that hold every word, whatever its case and place', () => {
  const order = { column: 'startedAt', descending: true } as const
  expect(ids(arrangeRuns(runs, 't4 INT8', order))).toEqual(['3', '1'])
  expect(arrangeRuns(runs, 't4 fp8', order)).toEqual([])
})

it('judges the later run against the earlier', () => {
  expect(inOrderOfTime(runs[1]!, runs[0]!)).toMatchObject({ base: { id: '1' }, run: { id: '2' } })
})

it('shows the newest run that measured something', () => {
  expect(newestMeasured(runs)?.id).toBe('2')
  const unread = summary('4', { otherVersion: true })
  expect(newestMeasured([...runs, unread])?.id).toBe('2')
  expect(newestMeasured([unread])?.id).toBe('4')
  expect(newestMeasured([])).toBeUndefined()
})
