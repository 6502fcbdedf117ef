export const MiB = 1024 ** 2
export const GiB = 1024 ** 3
/** 10⁹ bytes: only where a source counts so, and then it is written GB. */
export const GB = 1e9

const binaryUnits = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const

/** `value` with three significant digits and no exponent below 10⁶: 0.0123, 1.23, 12.3, 123, 12 300. */
export function formatSignificant(value: number): string {
  if (!Number.isFinite(value)) return '—'
  const magnitude = Math.abs(value)
  if (magnitude >= 1000) return String(Math.round(value))
  if (magnitude === 0) return '0'
  return String(Number(value.toPrecision(3)))
}

/** Bytes in the largest binary unit that leaves at least 1, three significant digits; null is '—'. */
export function formatBytes(bytes: number | null): string {
  if (bytes === null || !Number.isFinite(bytes)) return '—'
  let value = Math.abs(bytes)
  let unit = 0
  // 1023.5 of a unit would round to 1024: it is written as 1 of the next.
  while (value >= 1023.5 && unit < binaryUnits.length - 1) {
    value /= 1024
    unit += 1
  }
  return `${bytes < 0 ? '−' : ''}${formatSignificant(value)} ${binaryUnits[unit]}`
}

/** Milliseconds in µs, ms, s, min or h, three significant digits; null is '—'. */
export function formatDuration(ms: number | null): string {
  if (ms === null || !Number.isFinite(ms)) return '—'
  if (ms < 1) return `${formatSignificant(ms * 1000)} µs`
  if (ms < 1000) return `${formatSignificant(ms)} ms`
  if (ms < 60_000) return `${formatSignificant(ms / 1000)} s`
  if (ms < 3_600_000) return `${formatSignificant(ms / 60_000)} min`
  return `${formatSignificant(ms / 3_600_000)} h`
}
