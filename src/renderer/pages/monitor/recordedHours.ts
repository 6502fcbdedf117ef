const hourMs = 3_600_000

/** A stretch of a recording that can be shown; `hour` counts from 1, null is everything. */
export interface RecordedHour {
  readonly hour: number | null
  readonly fromMs: number
  readonly toMs: number
}

/** Everything, then every hour by itself where there is more than one. */
export function recordedHours(startMs: number, endMs: number): readonly RecordedHour[] {
  const count = Math.ceil((endMs - startMs) / hourMs)
  const hours = Array.from({ length: count > 1 ? count : 0 }, (_, i) => ({
    hour: i + 1,
    fromMs: startMs + i * hourMs,
    toMs: Math.min(endMs, startMs + (i + 1) * hourMs),
  }))
  return [{ hour: null, fromMs: startMs, toMs: endMs }, ...hours]
}

/** `0:05`, `12:30`, `1:02:03` since the recording began. */
export function formatElapsed(seconds: number): string {
  const whole = Math.round(seconds)
  const two = (value: number) => String(value).padStart(2, '0')
  const minutes = Math.floor(whole / 60)
  const hours = Math.floor(minutes / 60)
  const rest = two(whole % 60)
  return hours > 0 ? `${hours}:${two(minutes % 60)}:${rest}` : `${minutes}:${rest}`
}
