import { networkName } from '../../core/plan/networkName'
import type { ReportFormat } from '../../protocol/contract'

/** A finished report, wherever it goes. */
export interface ReportFile {
  /** Safe as a file name on every system. */
  readonly fileName: string
  readonly mediaType: string
  readonly bytes: Uint8Array
  /** Why it is not what was asked for, in one line; null where it is. */
  readonly notice: string | null
}

export const mediaTypes: Readonly<Record<ReportFormat, string>> = {
  html: 'text/html;charset=utf-8',
  pdf: 'application/pdf',
  md: 'text/markdown;charset=utf-8',
  csv: 'text/csv;charset=utf-8',
  json: 'application/json',
}

/** `headroom-digits-mlp-20260101-9Q2XK4.html`: what, when, and the end of the run's id. */
export function reportFileName(
  {
    id,
    startedAt,
    workload,
  }: { id: string; startedAt: string; workload: Parameters<typeof networkName>[0] },
  format: ReportFormat,
): string {
  const day = startedAt.slice(0, 10).replaceAll('-', '')
  const name = `headroom-${networkName(workload)}-${day}-${id.slice(-6)}`
  return `${name.replaceAll(/[^0-9A-Za-z-]/g, '_')}.${format}`
}
