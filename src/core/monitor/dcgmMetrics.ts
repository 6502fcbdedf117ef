import { MiB } from '../units'
import { gpusNow, metricOf, type GpuNow } from './monitorMetrics'
import type { MonitorState } from './monitorState'
import type { Metric } from './prometheusText'

/**
 * The figures under the names, units and labels that DCGM-exporter gives them, for dashboards that are
 * made for it: memory in MiB, clocks in MHz, energy in mJ. Its profiling fields (DCGM_FI_PROF_…) come
 * from counters that NVML does not have; they are left out.
 */
export function dcgmMetrics(
  state: MonitorState,
  wallMs: number,
  hostname: string,
): readonly Metric[] {
  // DCGM-exporter names an instance by labels that NVML's index is not.
  const gpus = gpusNow(state, wallMs).filter(({ gpu }) => !gpu.id.includes('-mig-'))
  const of = metricOf('DCGM_FI_DEV_', gpus, (now) => labelsOf(now, hostname))
  const mebibytes = (bytes: number | null | undefined) =>
    typeof bytes === 'number' ? Math.round(bytes / MiB) : null
  return [
    of('SM_CLOCK', 'SM clock frequency (in MHz).', ({ fast }) => fast?.smClockMHz),
    of('MEM_CLOCK', 'Memory clock frequency (in MHz).', ({ fast }) => fast?.memoryClockMHz),
    of('GPU_TEMP', 'GPU temperature (in C).', ({ fast }) => fast?.temperatureCelsius),
    of('POWER_USAGE', 'Power draw (in W).', ({ fast }) => fast?.powerDrawWatts),
    of(
      'TOTAL_ENERGY_CONSUMPTION',
      'Total energy consumption since boot (in mJ).',
      ({ slow }) => (typeof slow?.energyJoules === 'number' ? slow.energyJoules * 1000 : null),
      'counter',
    ),
    of('GPU_UTIL', 'GPU utilization (in %).', ({ fast }) => fast?.gpuUtilizationPercent),
    of('MEM_COPY_UTIL', 'Memory utilization (in %).', ({ fast }) => fast?.memoryUtilizationPercent),
    of('XID_ERRORS', 'Value of the last XID error encountered.', ({ slow }) =>
      slow ? (slow.xid ?? 0) : null,
    ),
    of('FB_FREE', 'Framebuffer memory free (in MiB).', ({ fast }) =>
      mebibytes(fast?.memoryFreeBytes),
    ),
    of('FB_USED', 'Framebuffer memory used (in MiB).', ({ fast }) =>
      mebibytes(fast?.memoryUsedBytes),
    ),
    of('FB_RESERVED', 'Framebuffer memory reserved (in MiB).', ({ fast }) =>
      mebibytes(fast?.memoryReservedBytes),
    ),
  ]
}

function labelsOf({ gpu: { id, name, uuid, driverVersion } }: GpuNow, hostname: string) {
  const index = id.replace(/^gpu-/, '')
  return {
    gpu: index,
    UUID: uuid,
    device: `nvidia${index}`,
    modelName: name,
    Hostname: hostname,
    DCGM_FI_DRIVER_VERSION: driverVersion,
  }
}
