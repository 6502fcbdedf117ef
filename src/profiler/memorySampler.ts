import type { MemorySample } from '../core/run/record'
import type { Clock } from './clock'
import type { DeviceWatch } from './deviceWatch'

/** Ten a second: what a chart can show, and little beside what it watches. */
const samplePeriodMs = 100

export interface MemorySamplerOptions {
  readonly clock: Clock
  /** When the run began, by `clock`. */
  readonly originMs: number
  readonly pid: () => number | null
  readonly readProcessBytes: (pid: number) => Promise<number | null>
  readonly device: Pick<DeviceWatch, 'takeUsedBytes'>
  readonly onSample: (sample: MemorySample) => void
}

/** Samples memory from outside the engine, whose own thread stands still while it computes. */
export function startMemorySampler(options: MemorySamplerOptions): () => void {
  const { clock, originMs, pid, readProcessBytes, device, onSample } = options
  let isReading = false
  let isStopped = false
  async function sample(): Promise<void> {
    if (isReading) return // the last reading is late: one that waits for it would tell the same
    isReading = true
    try {
      const id = pid()
      const tMs = clock.nowMs() - originMs
      const processBytes = id === null ? null : await readProcessBytes(id)
      const deviceUsedBytes = device.takeUsedBytes()
      if (isStopped || (processBytes === null && deviceUsedBytes === null)) return
      onSample({ tMs, processBytes, deviceUsedBytes })
    } finally {
      isReading = false
    }
  }
  void sample()
  const stopRepeating = clock.repeat(samplePeriodMs, () => void sample())
  return () => {
    isStopped = true
    stopRepeating()
  }
}
