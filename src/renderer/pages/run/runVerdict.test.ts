import { describe, expect, it } from 'vitest'
import type { RunState } from '../../../core/run/applyRunEvent'
import type { RunRecord } from '../../../core/run/record'
import { createRecord, createStep } from '../../../../test/pageData'
import { runFraction, runVerdict } from './runVerdict'

const done = createStep({ outcome: 'completed', startedMs: 0, endedMs: 4000 })
const running = createStep({ outcome: 'running', precision: 'fp16', startedMs: 4000 })
const skipped = createStep({ outcome: 'skipped', precision: 'bf16', reason: 'no kernels' })
const planned = createStep({ precision: 'int8' })

const state = (
  steps: RunRecord['steps'],
  outcome: RunRecord['outcome'] = 'running',
  fraction: number | null = null,
): RunState => ({
  record: createRecord(steps, { outcome }),
  live:
    fraction === null ? null : { step: 1, fraction, remainingMs: null, throughputPerSecond: null },
})

describe('runVerdict', () => {
  it('names the running step and its place among those that can run', () => {
    expect(runVerdict(state([done, skipped, running, planned]))).toMatchObject({
      type: 'running',
      step: { precision: 'fp16' },
      number: 2,
      of: 3,
    })
  })

  it('is starting until the first step does', () => {
    expect(runVerdict(state([planned]))).toEqual({ type: 'starting' })
  })

  it('gives the reason of the first step that failed', () => {
    const crashed = createStep({ outcome: 'crashed', reason: 'signal 9', endedMs: 9000 })
    expect(runVerdict(state([done, crashed, skipped], 'partial'))).toMatchObject({
      type: 'partial',
      completedCount: 1,
      of: 2,
      durationMs: 9000,
      failed: { reason: 'signal 9' },
    })
  })

  it('takes cancelling for no failure', () => {
    const cancelled = createStep({ outcome: 'cancelled' })
    expect(runVerdict(state([cancelled], 'cancelled'))).toMatchObject({ failed: null })
  })
})

describe('runFraction', () => {
  it('counts what is done and the part of what runs: (1 + 0.5) / 3', () => {
    expect(runFraction(state([done, running, planned, skipped], 'running', 0.5))).toBe(0.5)
  })
})
