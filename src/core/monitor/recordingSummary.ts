import { isThrottled } from './clockReasons'
import type { RecordedTick } from './recordedTicks'

/** What a recorded GPU did, in a few figures; null where nobody reported. */
export interface RecordingSummary {
  readonly tickCount: number
  /** Moments at which it did not answer. */
  readonly silentCount: number
  readonly durationMs: number
  readonly memoryPeakBytes: number | null
  readonly memoryPeakMs: number | null
  readonly memoryLeastBytes: number | null
  readonly utilizationMeanPercent: number | null
  readonly powerMeanWatts: number | null
  readonly temperaturePeakCelsius: number | null
  readonly throttledCount: number
}

/** Means are over the moments that were told, which are evenly spaced but for gaps. */
export function summarizeRecording(ticks: readonly RecordedTick[]): RecordingSummary {
  let peak: { readonly bytes: number; readonly tMs: number } | null = null
  let least: number | null = null
  let hottest: number | null = null
  let silentCount = 0
  let throttledCount = 0
  const utilization = createMean()
  const power = createMean()
  for (const { tMs, figures } of ticks) {
    if (figures === null) {
      silentCount += 1
      continue
    }
    const { memoryUsedBytes, temperatureCelsius } = figures
    if (memoryUsedBytes !== null) {
      if (peak === null || memoryUsedBytes > peak.bytes) peak = { bytes: memoryUsedBytes, tMs }
      least = least === null ? memoryUsedBytes : Math.min(least, memoryUsedBytes)
    }
    if (temperatureCelsius !== null) hottest = Math.max(hottest ?? 0, temperatureCelsius)
    if (isThrottled(figures.clocksEventReasons)) throttledCount += 1
    utilization.add(figures.gpuUtilizationPercent)
    power.add(figures.powerDrawWatts)
  }
  return {
    tickCount: ticks.length,
    silentCount,
    durationMs: ticks.length === 0 ? 0 : ticks.at(-1)!.tMs - ticks[0]!.tMs,
    memoryPeakBytes: peak?.bytes ?? null,
    memoryPeakMs: peak?.tMs ?? null,
    memoryLeastBytes: least,
    utilizationMeanPercent: utilization.mean(),
    powerMeanWatts: power.mean(),
    temperaturePeakCelsius: hottest,
    throttledCount,
  }
}

function createMean() {
  let sum = 0
  let count = 0
  return {
    add(value: number | null) {
      if (value === null) return
      sum += value
      count += 1
    },
    mean: () => (count === 0 ? null : sum / count),
  }
}
