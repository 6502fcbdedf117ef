import type { MonitorEvent } from '../core/monitor/monitorState'
import {
  createConditionsWatch,
  type ConditionsWatch,
  type DeviceConditions,
} from '../core/run/deviceConditions'
import type { Monitor } from './monitor/monitor'

/** A run's GPU, watched from outside of the engine. */
export interface DeviceWatch {
  /** A process that belongs to the run, as long as the run lasts; call the result when it has ended. */
  addOwn(pid: number): () => void
  /** The highest used memory since the last call, all processes; null where nobody told meanwhile. */
  takeUsedBytes(): number | null
  /** What happened beside the step that begins here is collected until `endStep`. */
  beginStep(): void
  /** null where nobody told anything. */
  endStep(): DeviceConditions | null
  stop(): void
}

/** As often as NVML gives new figures at best: a short peak of memory is seen. */
const runPeriodMs = 10

/** @param gpuId null where the run computes on the CPU: then only its processes are made known */
export function watchDevice(monitor: Monitor, gpuId: string | null): DeviceWatch {
  const own = new Set<number>()
  let peakBytes: number | null = null
  let conditions: ConditionsWatch | null = null

  function onEvent(event: MonitorEvent): void {
    if (gpuId === null) return
    if (event.type === 'fast') {
      for (const { gpus } of event.ticks) {
        const figures = gpus[gpuId]
        if (!figures) continue
        conditions?.addFigures(figures)
        const used = figures.memoryUsedBytes
        if (used !== null) peakBytes = Math.max(peakBytes ?? 0, used)
      }
    } else if (event.type === 'slow') {
      const processes = event.tick.gpus[gpuId]?.processes
      if (processes) conditions?.addProcesses(processes, own)
    }
  }

  // A run on the CPU shares it with whoever samples: it asks for nothing.
  const release = gpuId === null ? () => {} : monitor.hold({ fastPeriodMs: runPeriodMs })
  const stopListening = monitor.listen(onEvent)
  return {
    addOwn(pid) {
      own.add(pid) // the driver may list it for a moment after its end
      return monitor.watchOwn(pid)
    },
    takeUsedBytes() {
      const taken = peakBytes
      peakBytes = null
      return taken
    },
    beginStep() {
      conditions = createConditionsWatch()
    },
    endStep() {
      const ended = conditions?.conditions() ?? null
      conditions = null
      return ended
    },
    stop() {
      stopListening()
      release()
    },
  }
}
