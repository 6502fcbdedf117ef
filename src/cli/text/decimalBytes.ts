import { formatSignificant } from '../../core/units'

const decimalUnits = ['B', 'kB', 'MB', 'GB', 'TB'] as const

/** Bytes as courses and vendors count them, in powers of 1000. */
export function decimalBytes(bytes: number): string {
  const unit = bytes < 1 ? 0 : Math.min(Math.floor(Math.log10(bytes) / 3), decimalUnits.length - 1)
  return `${formatSignificant(bytes / 1000 ** unit)} ${decimalUnits[unit]}`
}
