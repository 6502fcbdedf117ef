import { clockReasons, isThrottled } from './clockReasons'
import type { FastFigures, SlowFigures } from './figures'
import { memoryTruth } from './memoryTruth'
import type { MonitoredGpu, MonitorState } from './monitorState'
import type { Metric, MetricValue } from './prometheusText'

/** A figure older than this is not told: a scraper would take it for one of now. */
export const staleAfterMs = { fast: 3000, slow: 5000 } as const

/** A GPU with what is known of it at this moment. */
export interface GpuNow {
  readonly gpu: MonitoredGpu
  readonly fast: FastFigures | null
  readonly slow: SlowFigures | null
}

/** Every GPU with its figures, as far as they are not stale. */
export function gpusNow(state: MonitorState, wallMs: number): readonly GpuNow[] {
  return state.gpus.map((gpu) => ({
    gpu,
    fast: fresh(state.fast, gpu.id, wallMs - staleAfterMs.fast),
    slow: fresh(state.slow, gpu.id, wallMs - staleAfterMs.slow),
  }))
}

function fresh<T>(
  ticks: readonly { readonly tMs: number; readonly gpus: Readonly<Record<string, T | null>> }[],
  id: string,
  fromMs: number,
): T | null {
  const last = ticks.findLast(({ gpus }) => id in gpus)
  return last && last.tMs >= fromMs ? (last.gpus[id] ?? null) : null
}

/** Makes metrics of one value per GPU, whose names begin with `prefix`; what is unknown is null. */
export function metricOf(
  prefix: string,
  gpus: readonly GpuNow[],
  labelsOf: (now: GpuNow) => MetricValue['labels'],
) {
  return (
    name: string,
    help: string,
    read: (now: GpuNow) => number | null | undefined,
    type: Metric['type'] = 'gauge',
  ): Metric => ({
    name: `${prefix}${name}`,
    help,
    type,
    values: gpus.map((now) => ({ labels: labelsOf(now), value: read(now) ?? null })),
  })
}

/** Headroom's metrics in base units (bytes, watts, hertz, ratios), and the health of its samplers. */
export function monitorMetrics(state: MonitorState, wallMs: number): readonly Metric[] {
  const gpus = gpusNow(state, wallMs)
  const lastHost = state.slow.findLast(({ host }) => host !== null)
  const host = lastHost && lastHost.tMs >= wallMs - staleAfterMs.slow ? lastHost.host : null
  const own = new Set(host?.ownPids)

  const of = metricOf('headroom_gpu_', gpus, ({ gpu }) => ({ gpu: gpu.id }))
  const many = (
    name: string,
    help: string,
    values: readonly MetricValue[],
    type: Metric['type'] = 'gauge',
  ): Metric => ({ name: `headroom_${name}`, help, type, values })
  const percent = (value: number | null | undefined) =>
    typeof value === 'number' ? value / 100 : null
  const megahertz = (value: number | null | undefined) =>
    typeof value === 'number' ? value * 1e6 : null
  const bits = ({ fast }: GpuNow) => fast?.clocksEventReasons ?? null

  return [
    many(
      'sampler_up',
      'Whether the sampler works and its figures are fresh.',
      state.samplers
        .filter((sampler) => sampler.state !== 'absent')
        .map(({ sampler, state: how }) => ({
          labels: { sampler },
          value: how === 'up' && isFresh(state, sampler, wallMs) ? 1 : 0,
        })),
    ),
    many(
      'sampler_restarts_total',
      'How often the sampler was started again.',
      state.samplers.map(({ sampler, restartCount }) => ({
        labels: { sampler },
        value: restartCount,
      })),
      'counter',
    ),
    many(
      'gpu_info',
      'Always 1; who the GPU is, and who tells its figures.',
      gpus.map(({ gpu: { id, name, uuid, driverVersion, source } }) => ({
        labels: { gpu: id, name, uuid, driver_version: driverVersion, source },
        value: 1,
      })),
    ),
    of('up', 'Whether the GPU answers.', ({ fast }) => (fast === null ? 0 : 1)),
    of('memory_total_bytes', 'All memory.', ({ fast }) => fast?.memoryTotalBytes),
    of('memory_reserved_bytes', 'Of driver and firmware.', ({ fast }) => fast?.memoryReservedBytes),
    of('memory_used_bytes', 'Of all processes.', ({ fast }) => fast?.memoryUsedBytes),
    of('memory_free_bytes', 'Of nobody.', ({ fast }) => fast?.memoryFreeBytes),
    of('memory_spill_bytes', 'Moved to host memory.', ({ fast }) => fast?.spillBytes),
    of('memory_usable_bytes', 'What a new program can have.', ({ fast, slow }) =>
      fast ? memoryTruth(fast, slow?.processes ?? null, own).usableBytes : null,
    ),
    of('utilization_ratio', 'Share of time in which a kernel ran.', ({ fast }) =>
      percent(fast?.gpuUtilizationPercent),
    ),
    of('memory_utilization_ratio', 'Share of time in which memory was accessed.', ({ fast }) =>
      percent(fast?.memoryUtilizationPercent),
    ),
    of('power_watts', 'Power drawn.', ({ fast }) => fast?.powerDrawWatts),
    of('power_limit_watts', 'Enforced limit.', ({ fast }) => fast?.powerLimitWatts),
    of('sm_clock_hertz', 'Clock of the multiprocessors.', ({ fast }) =>
      megahertz(fast?.smClockMHz),
    ),
    of('sm_clock_max_hertz', 'Its highest.', ({ slow }) => megahertz(slow?.smClockMaxMHz)),
    of('memory_clock_hertz', 'Clock of the memory.', ({ fast }) => megahertz(fast?.memoryClockMHz)),
    of('temperature_celsius', 'Temperature of the GPU.', ({ fast }) => fast?.temperatureCelsius),
    of('throttled', 'Whether heat or power supply holds the clocks down (mask 0xE8).', (now) =>
      bits(now) === null ? null : Number(isThrottled(bits(now))),
    ),
    many(
      'gpu_clocks_event_reason',
      'Whether the clocks are as they are for this reason.',
      gpus.flatMap((now) =>
        clockReasons.map(({ name, bit }) => {
          const told = bits(now)
          const value = told === null ? null : Number((told & bit) !== 0)
          return { labels: { gpu: now.gpu.id, reason: name }, value }
        }),
      ),
    ),
    of(
      'energy_joules_total',
      'Since the driver was loaded.',
      ({ slow }) => slow?.energyJoules,
      'counter',
    ),
    of('fan_ratio', 'Intended speed of the fan.', ({ slow }) => percent(slow?.fanPercent)),
    of('pcie_link_generation', 'Now.', ({ slow }) => slow?.pcieGeneration),
    of('pcie_link_width', 'Lanes now.', ({ slow }) => slow?.pcieWidth),
    of('pcie_sent_bytes_per_second', 'Over 20 ms.', ({ slow }) => slow?.pcieSentBytesPerSecond),
    of('pcie_received_bytes_per_second', 'Over 20 ms.', ({ slow }) => {
      return slow?.pcieReceivedBytesPerSecond
    }),
    of('xid', 'Last critical error since the monitor started.', ({ slow }) => slow?.xid),
    many(
      'gpu_process_memory_used_bytes',
      'By process.',
      gpus.flatMap(({ gpu, slow }) =>
        (slow?.processes ?? []).map(({ pid, name, usedBytes }) => ({
          labels: { gpu: gpu.id, pid: String(pid), name },
          value: usedBytes,
        })),
      ),
    ),
    many('host_cpu_ratio', 'Share of the time of all cores.', [
      { labels: {}, value: percent(host?.cpuPercent) },
    ]),
    many('host_memory_total_bytes', 'All host memory.', [
      { labels: {}, value: host?.memoryTotalBytes ?? null },
    ]),
    many('host_memory_used_bytes', 'What programs cannot get.', [
      { labels: {}, value: host?.memoryUsedBytes ?? null },
    ]),
    many('engine_resident_bytes', 'Of the engine of the run that goes on.', [
      { labels: {}, value: host?.engineBytes ?? null },
    ]),
  ]
}

function isFresh({ fast, slow }: MonitorState, sampler: string, wallMs: number): boolean {
  return sampler === 'slow'
    ? (slow.at(-1)?.tMs ?? 0) >= wallMs - staleAfterMs.slow
    : (fast.at(-1)?.tMs ?? 0) >= wallMs - staleAfterMs.fast
}
