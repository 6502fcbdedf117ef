import {
  decodeClockReasons,
  isThrottled,
  throttleMask,
  type ClockReason,
} from '../../../core/monitor/clockReasons'
import { memoryTruth, type MemoryTruth } from '../../../core/monitor/memoryTruth'
import {
  latestFast,
  latestHost,
  latestSlow,
  type MonitoredGpu,
  type MonitorState,
  type SamplerHealth,
} from '../../../core/monitor/monitorState'
import { endOf } from '../../monitor/monitorSeries'

/** What the GPU is doing and who is on it, the worst first. */
export type MonitorVerdict =
  | { readonly type: 'starting' }
  | { readonly type: 'noGpu'; readonly reason: string | null }
  | { readonly type: 'silent'; readonly sampler: SamplerHealth | null; readonly seconds: number }
  | { readonly type: 'lost'; readonly gpu: MonitoredGpu; readonly fault: string }
  | { readonly type: 'xid'; readonly gpu: MonitoredGpu; readonly code: number }
  | { readonly type: 'throttled'; readonly gpu: MonitoredGpu; readonly reasons: ClockReason[] }
  | { readonly type: 'shared'; readonly gpu: MonitoredGpu; readonly truth: MemoryTruth }
  | { readonly type: 'free'; readonly gpu: MonitoredGpu; readonly truth: MemoryTruth }

/** Longer than any period but the tools'. */
const silentAfterMs = 2500
/** Displays and idle contexts hold some; less than this is nobody's program. */
const sharedFromBytes = 64 * 2 ** 20

/** The answer for one GPU; `gpu` is null where there is none. */
export function monitorVerdict(state: MonitorState, gpu: MonitoredGpu | null): MonitorVerdict {
  const sampler = (name: SamplerHealth['sampler']) =>
    state.samplers.find(({ sampler: own }) => own === name) ?? null
  const fast = sampler('fast')
  if (gpu === null) {
    const tool = sampler('tool')
    const isLooking = fast === null || fast.state === 'starting' || tool?.state === 'starting'
    if (fast?.state === 'hung' || fast?.state === 'failed')
      return { type: 'silent', sampler: fast, seconds: 0 }
    return isLooking ? { type: 'starting' } : { type: 'noGpu', reason: fast.reason }
  }
  if (gpu.fault !== null) return { type: 'lost', gpu, fault: gpu.fault }
  const lastMs = state.fast.findLast(({ gpus }) => gpu.id in gpus)?.tMs ?? null
  if (lastMs === null) return { type: 'starting' }
  const silentMs = endOf(state) - lastMs
  if (silentMs > silentAfterMs)
    return { type: 'silent', sampler: fast, seconds: Math.round(silentMs / 1000) }
  const figures = latestFast(state, gpu.id)
  if (figures === null) return { type: 'lost', gpu, fault: '' }
  const slow = latestSlow(state, gpu.id)
  if (typeof slow?.xid === 'number') return { type: 'xid', gpu, code: slow.xid }
  const { clocksEventReasons: bits } = figures
  if (bits !== null && isThrottled(bits))
    return { type: 'throttled', gpu, reasons: decodeClockReasons(bits & throttleMask) }
  const own = new Set(latestHost(state)?.ownPids)
  const truth = memoryTruth(figures, slow?.processes ?? null, own)
  const isShared = (truth.otherProcesses.bytes ?? 0) >= sharedFromBytes
  return { type: isShared ? 'shared' : 'free', gpu, truth }
}
