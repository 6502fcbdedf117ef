import type { Estimate } from '../../core/estimate/estimate'
import { formatBytes } from '../../core/units'
import type { Output } from '../terminal'

/** The verdict in words, coloured, with what is left or missing; '—' without a GPU. */
export function verdictMark({ gpu, verdict, totalPeakBytes }: Estimate, output: Output): string {
  if (gpu === null || verdict === null) return '—'
  const { green, red, yellow } = output.colours
  const spare = gpu.usableBytes - totalPeakBytes
  const rest = spare >= 0 ? `${formatBytes(spare)} to spare` : `${formatBytes(-spare)} too much`
  if (verdict === 'fits') return `${green('fits')}, ${rest}`
  if (verdict === 'doesNotFit') return `${red('does not fit')}, ${rest}`
  return `${yellow('too close to call')}, ${rest}`
}
