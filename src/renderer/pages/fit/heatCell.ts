import type { Verdict } from '../../../core/estimate/estimate'
import type { GpuFit } from '../../../core/estimate/gpuFit'
import { GiB } from '../../../core/units'

/** What one cell of the heat map shows. */
export interface HeatCell {
  /** Headroom in GiB with its sign: `+4.2`, `−18`, `≈+0.3` where it is too close to call, `?`. */
  readonly text: string
  readonly verdict: Verdict | null
  /** How far from the limit, 1 to 3: within a seventh of the GPU's memory, within half, beyond. */
  readonly level: 1 | 2 | 3
}

const unknownCell: HeatCell = { text: '?', verdict: null, level: 1 }

/** The cell of a job that is refused. */
export const refusedCell: HeatCell = { text: '—', verdict: null, level: 1 }

/** The cell of one job on one GPU; `null` where nobody knows the GPU's memory. */
export function heatCell(fit: GpuFit | null): HeatCell {
  if (!fit) return unknownCell
  const { headroomBytes, usableBytes, verdict } = fit
  const share = Math.abs(headroomBytes) / usableBytes
  return {
    text: (verdict === 'tooCloseToCall' ? '≈' : '') + signedGiB(headroomBytes),
    verdict,
    level: share < 0.15 ? 1 : share < 0.5 ? 2 : 3,
  }
}

/** `+3.2`, `−18`, `−10k`: short enough for a narrow column, with the sign that colour repeats. */
export function signedGiB(bytes: number): string {
  const value = Math.abs(bytes) / GiB
  const sign = bytes < 0 ? '−' : '+'
  // 9.95 would round to 10.0: it is written as 10.
  if (value < 9.95) return sign + value.toFixed(1)
  if (value < 9999.5) return sign + Math.round(value)
  return `${sign}${Math.round(value / 1000)}k`
}
