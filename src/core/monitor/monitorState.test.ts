import { expect, it } from 'vitest'
import { noFastFigures, noSlowFigures } from './figures'
import {
  applyMonitorEvent,
  emptyMonitorState,
  latestFast,
  latestSlow,
  monitorWindowMs,
  type MonitorEvent,
} from './monitorState'

const fold = (events: readonly MonitorEvent[]) =>
  events.reduce(applyMonitorEvent, emptyMonitorState)
const tick = (tMs: number, used: number | null) => ({
  tMs,
  gpus: { 'gpu-0': used === null ? null : { ...noFastFigures, memoryUsedBytes: used } },
})

it('keeps the figures of the last minutes, oldest first', () => {
  const state = fold([
    { type: 'fast', ticks: [tick(0, 1), tick(1000, 2)] },
    { type: 'fast', ticks: [tick(monitorWindowMs + 500, 3)] },
  ])
  expect(state.fast.map(({ tMs }) => tMs)).toEqual([1000, monitorWindowMs + 500])
  expect(latestFast(state, 'gpu-0')?.memoryUsedBytes).toBe(3)
  expect(latestFast(state, 'gpu-1')).toBeNull()
})

it('a GPU that no longer answers has no latest figures', () => {
  const state = fold([{ type: 'fast', ticks: [tick(0, 1), tick(100, null)] }])
  expect(latestFast(state, 'gpu-0')).toBeNull()
})

it('the latest of a GPU is not hidden by the tick of another source', () => {
  const state = fold([
    { type: 'slow', tick: { tMs: 0, gpus: { 'gpu-1': noSlowFigures }, host: null } },
    { type: 'slow', tick: { tMs: 9, gpus: {}, host: null } },
  ])
  expect(latestSlow(state, 'gpu-1')).toEqual(noSlowFigures)
})

it('holds one state of health per sampler, and takes a snapshot whole', () => {
  const health = (state: 'up' | 'hung') =>
    ({
      sampler: 'fast',
      state,
      reason: null,
      restartCount: 0,
      periodMs: 100,
      scheduling: null,
    }) as const
  const state = fold([
    { type: 'sampler', health: health('up') },
    { type: 'sampler', health: health('hung') },
  ])
  expect(state.samplers).toEqual([health('hung')])
  expect(applyMonitorEvent(emptyMonitorState, { type: 'snapshot', state })).toBe(state)
})
