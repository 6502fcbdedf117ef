import { expect, it } from 'vitest'
import { noFastFigures, noSlowFigures } from '../../core/monitor/figures'
import { emptyMonitorState, type MonitorState } from '../../core/monitor/monitorState'
import { endOf, fastMoments, occupancy, throttledSpans, toPoints } from './monitorSeries'

const tick = (tMs: number, figures: Partial<typeof noFastFigures> | null) => ({
  tMs,
  gpus: { 'gpu-0': figures && { ...noFastFigures, ...figures } },
})
const stateOf = (state: Partial<MonitorState>): MonitorState => ({ ...emptyMonitorState, ...state })

it('breaks the line where a GPU did not answer, where a figure is not reported, and where nothing came', () => {
  const state = stateOf({
    fast: [
      tick(0, { powerDrawWatts: 10 }),
      tick(100, null),
      tick(200, { powerDrawWatts: null }),
      tick(300, { powerDrawWatts: 20 }),
      tick(5000, { powerDrawWatts: 30 }),
    ],
  })
  const points = toPoints(fastMoments(state, 'gpu-0'), endOf(state), (f) => f.powerDrawWatts)
  expect(points).toEqual([
    [-5, 10],
    [-4.9, null],
    [-4.8, null],
    [-4.7, 20],
    [-4.7, null], // nothing for 4.7 s
    [0, 30],
  ])
})

it('ends the line where a sampler went silent while another goes on', () => {
  const state = stateOf({
    fast: [tick(0, { powerDrawWatts: 10 })],
    slow: [{ tMs: 9000, gpus: {}, host: null }],
  })
  const points = toPoints(fastMoments(state, 'gpu-0'), endOf(state), (f) => f.powerDrawWatts)
  expect(points).toEqual([
    [-9, 10],
    [-9, null],
  ])
})

it('keeps a line whole whose distances are usual, a second apart', () => {
  const fast = [0, 1000, 2000, 3000].map((tMs) => tick(tMs, { powerDrawWatts: 1 }))
  const points = toPoints(fastMoments(stateOf({ fast }), 'gpu-0'), 3000, (f) => f.powerDrawWatts)
  expect(points.every(([, value]) => value === 1)).toBe(true)
})

it('is not broken by ticks of another GPU', () => {
  const fast = [tick(0, {}), { tMs: 50, gpus: { 'gpu-1': noFastFigures } }, tick(100, {})]
  expect(fastMoments(stateOf({ fast }), 'gpu-0')).toHaveLength(2)
})

it('marks from the first throttled moment to the one that ends it', () => {
  const fast = [0x1, 0x40, 0x44, 0x4, 0x8].map((clocksEventReasons, i) =>
    tick(i * 1000, { clocksEventReasons }),
  )
  expect(throttledSpans(fastMoments(stateOf({ fast }), 'gpu-0'), 4000)).toEqual([
    [-3, -1],
    [0, 0],
  ])
})

it('splits what is used into ours and that of others, as far as processes are known by then', () => {
  const processes = (usedBytes: number) => [
    { pid: 1, name: 'engine', usedBytes, type: 'compute' as const },
    { pid: 2, name: 'other', usedBytes: 30, type: 'compute' as const },
  ]
  const host = {
    cpuPercent: 1,
    memoryTotalBytes: 1,
    memoryUsedBytes: 1,
    engineBytes: null,
    ownPids: [1],
  }
  const state = stateOf({
    fast: [0, 100, 200].map((tMs) => tick(tMs, { memoryUsedBytes: 100, memoryReservedBytes: 5 })),
    slow: [
      { tMs: 50, gpus: { 'gpu-0': { ...noSlowFigures, processes: processes(60) } }, host },
      { tMs: 150, gpus: { 'gpu-0': { ...noSlowFigures, processes: processes(170) } }, host },
    ],
  })
  const { own, others, driverReserve, spill } = occupancy(state, 'gpu-0', 200)
  const values = (points: readonly (readonly [number, number | null])[]) => points.map(([, y]) => y)
  expect(values(own)).toEqual([0, 60, 100]) // never more than is used
  expect(values(others)).toEqual([100, 40, 0])
  expect(values(driverReserve)).toEqual([5, 5, 5])
  expect(values(spill)).toEqual([null, null, null])
})
