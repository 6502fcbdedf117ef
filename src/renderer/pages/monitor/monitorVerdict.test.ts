import { expect, it } from 'vitest'
import { noFastFigures, noSlowFigures } from '../../../core/monitor/figures'
import {
  emptyMonitorState,
  type MonitoredGpu,
  type MonitorState,
  type SamplerHealth,
} from '../../../core/monitor/monitorState'
import { GiB, MiB } from '../../../core/units'
import { monitorVerdict } from './monitorVerdict'

const gpu: MonitoredGpu = {
  id: 'gpu-0',
  name: 'Tesla T4',
  uuid: null,
  driverVersion: '580',
  source: 'nvml',
  fault: null,
}
const health = (state: SamplerHealth['state'], sampler: SamplerHealth['sampler'] = 'fast') => ({
  sampler,
  state,
  reason: `why ${state}`,
  restartCount: 0,
  scheduling: null,
  periodMs: 100,
})

function stateOf(
  figures: Partial<typeof noFastFigures> = {},
  slow: Partial<typeof noSlowFigures> = {},
  slowMs = 1000,
): MonitorState {
  const fast = { ...noFastFigures, memoryTotalBytes: 15 * GiB, memoryUsedBytes: 0, ...figures }
  return {
    ...emptyMonitorState,
    gpus: [gpu],
    samplers: [health('up')],
    fast: [{ tMs: 1000, gpus: { 'gpu-0': fast } }],
    slow: [{ tMs: slowMs, gpus: { 'gpu-0': { ...noSlowFigures, ...slow } }, host: null }],
  }
}

it('is free where nobody else holds memory to speak of', () => {
  expect(monitorVerdict(stateOf({ memoryUsedBytes: 3 * MiB }), gpu)).toMatchObject({
    type: 'free',
    truth: { usableBytes: 15 * GiB - 3 * MiB },
  })
})

it('is shared where others do, by name', () => {
  const processes = [{ pid: 9, name: 'python', usedBytes: 5 * GiB, type: 'compute' as const }]
  expect(monitorVerdict(stateOf({ memoryUsedBytes: 5 * GiB }, { processes }), gpu)).toMatchObject({
    type: 'shared',
    truth: { others: [{ name: 'python' }] },
  })
})

it('is throttled before it is shared, with the reasons that count', () => {
  const state = stateOf({ memoryUsedBytes: 5 * GiB, clocksEventReasons: 0x44 })
  expect(monitorVerdict(state, gpu)).toMatchObject({
    type: 'throttled',
    reasons: ['hwThermalSlowdown'], // the power cap is no reason to worry
  })
})

it('tells a critical error before anything that still runs', () => {
  const state = stateOf({ clocksEventReasons: 0x40 }, { xid: 79 })
  expect(monitorVerdict(state, gpu)).toMatchObject({ type: 'xid', code: 79 })
})

it('is lost with the driver’s own words', () => {
  const lost = { ...gpu, fault: 'nvmlDeviceGetMemoryInfo_v2: GPU is lost (15)' }
  expect(monitorVerdict(stateOf(), lost)).toMatchObject({ type: 'lost', fault: lost.fault })
})

it('is silent where the slow figures go on and the fast ones do not', () => {
  expect(monitorVerdict(stateOf({}, {}, 9000), gpu)).toMatchObject({ type: 'silent', seconds: 8 })
})

it('knows no GPU only after everybody was asked', () => {
  const withSamplers = (...samplers: SamplerHealth[]) => ({ ...emptyMonitorState, samplers })
  expect(monitorVerdict(withSamplers(), null).type).toBe('starting')
  expect(monitorVerdict(withSamplers(health('starting')), null).type).toBe('starting')
  expect(
    monitorVerdict(withSamplers(health('absent'), health('starting', 'tool')), null).type,
  ).toBe('starting')
  expect(monitorVerdict(withSamplers(health('absent'), health('absent', 'tool')), null)).toEqual({
    type: 'noGpu',
    reason: 'why absent',
  })
  expect(monitorVerdict(withSamplers(health('hung')), null).type).toBe('silent')
})
