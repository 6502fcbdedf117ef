import { formatSignificant } from '../units'

/** Three significant digits, also where the last are zeros, so that figures of a column line up. */
export function formatFigure(value: number): string {
  const magnitude = Math.abs(value)
  const sign = value < 0 ? '−' : ''
  if (magnitude >= 99.95) return sign + groupThousands(Math.round(magnitude))
  if (magnitude === 0) return '0'
  return sign + (magnitude < 1e-3 ? formatSignificant(magnitude) : magnitude.toPrecision(3))
}

/** A round figure on an axis. */
export function formatTick(value: number): string {
  return Math.abs(value) >= 1000 ? groupThousands(Math.round(value)) : String(value)
}

/** `152 381`, with spaces that do not break and are alike in every language. */
function groupThousands(value: number): string {
  return String(value).replaceAll(/\B(?=(\d{3})+$)/g, '\u202f')
}

/** `1.02 – 1.05` */
export function formatInterval({ ciLow, ciHigh }: { ciLow: number; ciHigh: number }): string {
  return `${formatFigure(ciLow)} – ${formatFigure(ciHigh)}`
}

/** A fraction as per cent, two decimals: 360 test images tell 0.28 points apart. */
export function formatPercent(fraction: number): string {
  return (100 * fraction).toFixed(2)
}

/** A fraction as per cent with its sign and one decimal: `+0.4`, `−2.0`, `0`. */
export function formatSignedPercent(fraction: number): string {
  const text = Math.abs(100 * fraction).toFixed(1)
  if (text === '0.0') return '0'
  return `${fraction < 0 ? '−' : '+'}${text}`
}

/** Percentage points, without zeros at the end. */
export function formatPoints(points: number): string {
  const text = String(Number(Math.abs(points).toFixed(2)))
  return points < 0 && text !== '0' ? `−${text}` : text
}

/** `format`, or a dash for what is unknown. */
export function optionalFigure(
  value: number | null | undefined,
  format: (value: number) => string = formatFigure,
): string {
  return value === null || value === undefined || !Number.isFinite(value) ? '—' : format(value)
}

/** How many times faster: 3.67, 12.3; one that is hardly more than 1 keeps the digits that say so: 1.003. */
export function formatFactor(ratio: number): string {
  const text = formatSignificant(ratio)
  return text === '1' && ratio !== 1 ? ratio.toPrecision(4) : text
}
