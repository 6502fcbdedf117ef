import { expect, it } from 'vitest'
import { plannedStep } from '../../test/runRecords'
import type { Step } from '../core/run/record'
import { toRunEvent } from './engineEvents'

const progressOf = (step: Partial<Step>, processIndex: number, processCount: number) => {
  const event = { fraction: 0.5, remainingMs: 1000, throughputPerSecond: null }
  const run = toRunEvent(
    { type: 'progress', ...event },
    {
      request: { profile: 'standard', processCount, processIndex },
      index: 0,
      step: plannedStep(step),
      tMs: 0,
    },
  )
  return run.type === 'progress' ? [run.fraction, run.remainingMs] : null
}
const train = { phase: 'train' as const, tMs: 0 }
const measure = { phase: 'measure' as const, tMs: 1 }

it('shares inference out among its processes: (1 + 0.5) ÷ 5, and 3 × 12 s after this one', () => {
  expect(progressOf({ phases: [measure] }, 1, 5)).toEqual([0.3, 37_000])
})

it('never goes back when training turns into measuring: 0.5 ÷ 2, then (1 + 0.5) ÷ 2', () => {
  // Standard measures for 60 s in all.
  expect(progressOf({ mode: 'train', phases: [train] }, 0, 1)).toEqual([0.25, 61_000])
  expect(progressOf({ mode: 'train', phases: [train, measure] }, 0, 1)).toEqual([0.75, 1000])
})

it('notes nodes that ran elsewhere than asked', () => {
  const measured = {
    allocatedPeakBytes: 1,
    reservedPeakBytes: null,
    devicePeakBytes: null,
    baselineBytes: null,
    processBytes: null,
    source: 'profile',
  }
  const event = toRunEvent(
    {
      type: 'memory',
      measured,
      actualProvider: 'cuda',
      nodesByProvider: { cuda: 9, cpu: 2 },
      memcpyNodes: 1,
    },
    {
      request: { profile: 'quick', processCount: 1, processIndex: 0 },
      index: 0,
      step: plannedStep({
        executionProvider: { ...plannedStep().executionProvider, requested: 'cuda' },
      }),
      tMs: 0,
    },
  )
  expect(event).toMatchObject({
    update: { notes: ['2 nodes ran on cpu, not on cuda: the times are of both'] },
  })
})

it('keeps of several processes the most that others took of the processors', () => {
  const load = (otherProcessors: number) => ({
    engineProcessors: 1,
    otherProcessors,
    logicalProcessors: 2,
  })
  const after = (processIndex: number, before: number | null, now: number) =>
    toRunEvent(
      { type: 'update', update: { hostLoad: load(now) } },
      {
        request: { profile: 'standard', processCount: 5, processIndex },
        index: 0,
        step: plannedStep(before === null ? {} : { hostLoad: load(before) }),
        tMs: 0,
      },
    )
  expect(after(0, null, 0.2)).toMatchObject({ update: { hostLoad: load(0.2) } })
  expect(after(1, 0.2, 0.7)).toMatchObject({ update: { hostLoad: load(0.7) } })
  expect(after(2, 0.7, 0.1)).toMatchObject({ update: { hostLoad: load(0.7) } })
})
