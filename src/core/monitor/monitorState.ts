import * as z from 'zod'
import { assertNever } from '../errors'
import { FastFigures, HostFigures, SlowFigures } from './figures'

// What is known of the GPUs at this moment and shortly before. The page, the terminal and the metrics
// see the same, because all of them fold the same events.

/** Who gives the figures of a GPU, in the order in which they are asked. */
export const gpuSources = [
  'nvml',
  'amdgpu',
  'nvidia-smi',
  'amd-smi',
  'ioreg',
  'systeminformation',
] as const
export const GpuSource = z.enum(gpuSources)
export type GpuSource = z.infer<typeof GpuSource>

export const MonitoredGpu = z.object({
  /** As in the devices report: `gpu-0`. */
  id: z.string(),
  name: z.string(),
  uuid: z.string().nullable(),
  driverVersion: z.string().nullable(),
  /** Of the fast figures. */
  source: GpuSource,
  /** Why nothing is heard of it, in one line; null while it answers. */
  fault: z.string().nullable(),
})
export type MonitoredGpu = z.infer<typeof MonitoredGpu>

/** Who samples: two processes over the driver, and the tools that stand in for them. */
export const SamplerName = z.enum(['fast', 'slow', 'tool'])
export type SamplerName = z.infer<typeof SamplerName>

/** How a sampler's process is scheduled beside those that compute; `usual`: its samples may be late. */
export const Scheduling = z.enum(['realTime', 'raised', 'usual'])
export type Scheduling = z.infer<typeof Scheduling>

export const SamplerHealth = z.object({
  sampler: SamplerName,
  /** `absent`: there is nothing here that it could ask. */
  state: z.enum(['starting', 'up', 'hung', 'failed', 'absent']),
  /** In one line, where it is neither up nor starting. */
  reason: z.string().nullable(),
  /** How often it was started again. */
  restartCount: z.int(),
  periodMs: z.number(),
  /** null before it has told, and for a tool. */
  scheduling: Scheduling.nullable(),
})
export type SamplerHealth = z.infer<typeof SamplerHealth>

/** Fast figures of one moment by GPU id; null is a GPU that did not answer. */
export const FastTick = z.object({
  /** ms since 1970. */
  tMs: z.number(),
  gpus: z.record(z.string(), FastFigures.nullable()),
})
export type FastTick = z.infer<typeof FastTick>

/** Slow figures of one moment. */
export const SlowTick = z.object({
  tMs: z.number(),
  gpus: z.record(z.string(), SlowFigures.nullable()),
  host: HostFigures.nullable(),
})
export type SlowTick = z.infer<typeof SlowTick>

export const MonitorState = z.object({
  gpus: z.array(MonitoredGpu),
  samplers: z.array(SamplerHealth),
  /** Oldest first, of the last minutes. */
  fast: z.array(FastTick),
  slow: z.array(SlowTick),
})
export type MonitorState = z.infer<typeof MonitorState>

export const MonitorEvent = z.discriminatedUnion('type', [
  /** Everything: the first event, and what comes instead of events that were missed. */
  z.object({ type: z.literal('snapshot'), state: MonitorState }),
  z.object({ type: z.literal('gpus'), gpus: z.array(MonitoredGpu) }),
  z.object({ type: z.literal('sampler'), health: SamplerHealth }),
  z.object({ type: z.literal('fast'), ticks: z.array(FastTick) }),
  z.object({ type: z.literal('slow'), tick: SlowTick }),
])
export type MonitorEvent = z.infer<typeof MonitorEvent>

/** With its place in the stream, so that a viewer who was away asks for what he missed. */
export const NumberedMonitorEvent = z.object({ sequence: z.int(), event: MonitorEvent })
export type NumberedMonitorEvent = z.infer<typeof NumberedMonitorEvent>

export const emptyMonitorState: MonitorState = { gpus: [], samplers: [], fast: [], slow: [] }

/** How long a state remembers. */
export const monitorWindowMs = 120_000

/** The state after `event`. Pure. */
export function applyMonitorEvent(state: MonitorState, event: MonitorEvent): MonitorState {
  switch (event.type) {
    case 'snapshot':
      return event.state
    case 'gpus':
      return { ...state, gpus: event.gpus }
    case 'sampler': {
      const others = state.samplers.filter(({ sampler }) => sampler !== event.health.sampler)
      return { ...state, samplers: [...others, event.health] }
    }
    case 'fast':
      return { ...state, fast: withinWindow([...state.fast, ...event.ticks]) }
    case 'slow':
      return { ...state, slow: withinWindow([...state.slow, event.tick]) }
    default:
      return assertNever(event)
  }
}

function withinWindow<T extends { readonly tMs: number }>(ticks: readonly T[]): T[] {
  const from = (ticks.at(-1)?.tMs ?? 0) - monitorWindowMs
  const first = ticks.findIndex(({ tMs }) => tMs >= from)
  return ticks.slice(Math.max(0, first))
}

/** The latest fast figures of a GPU, or null where it does not answer. */
export function latestFast(state: MonitorState, gpuId: string): FastFigures | null {
  return state.fast.findLast(({ gpus }) => gpuId in gpus)?.gpus[gpuId] ?? null
}

/** The latest slow figures of a GPU, or null. */
export function latestSlow(state: MonitorState, gpuId: string): SlowFigures | null {
  return state.slow.findLast(({ gpus }) => gpuId in gpus)?.gpus[gpuId] ?? null
}

/** The machine's own latest figures, or null. */
export function latestHost(state: MonitorState): HostFigures | null {
  return state.slow.findLast(({ host }) => host !== null)?.host ?? null
}
