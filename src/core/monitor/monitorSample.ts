import * as z from 'zod'
import { decodeClockReasons } from './clockReasons'
import { FastFigures, HostFigures, noFastFigures, noSlowFigures, SlowFigures } from './figures'
import { memoryTruth } from './memoryTruth'
import { gpusNow } from './monitorMetrics'
import { latestHost, MonitoredGpu, SamplerHealth, type MonitorState } from './monitorState'

/** One line of `headroom monitor --json`: everything as it stands. */
export const MonitorSample = z.object({
  schema: z.literal('headroom/monitorSample/1'),
  /** ISO 8601, UTC. */
  time: z.string(),
  gpus: z.array(
    MonitoredGpu.extend({
      ...FastFigures.shape,
      ...SlowFigures.shape,
      /** `clocksEventReasons` by name; null where nobody reports them. */
      clocksEventReasonNames: z.array(z.string()).nullable(),
      /** What a new program can have: total less driver, processes and spill. */
      usableBytes: z.number().nullable(),
    }),
  ),
  host: HostFigures.nullable(),
  samplers: z.array(SamplerHealth),
})
export type MonitorSample = z.infer<typeof MonitorSample>

/** `state` as one document; figures that are no longer of now are null. @param wallMs of its newest figures */
export function monitorSample(state: MonitorState, wallMs: number): MonitorSample {
  const host = latestHost(state)
  const ownPids = new Set(host?.ownPids)
  return {
    schema: 'headroom/monitorSample/1',
    time: new Date(wallMs).toISOString(),
    gpus: gpusNow(state, wallMs).map(({ gpu, ...now }) => {
      const fast = now.fast ?? noFastFigures
      const slow = now.slow ?? noSlowFigures
      const { clocksEventReasons } = fast
      return {
        ...gpu,
        ...fast,
        ...slow,
        clocksEventReasonNames:
          clocksEventReasons === null ? null : decodeClockReasons(clocksEventReasons),
        usableBytes: memoryTruth(fast, slow.processes, ownPids).usableBytes,
      }
    }),
    host,
    samplers: state.samplers,
  }
}
