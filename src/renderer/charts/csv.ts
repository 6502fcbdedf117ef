import { toCsv } from '../../core/csv'
import type { ChartTable } from './chartOption'

/** The table with a header line, as RFC 4180 has it. */
export function tableToCsv({ columns, rows }: ChartTable): string {
  return toCsv([columns, ...rows])
}
