import type { ChartTable } from './chartOption'

/**
 * The table as RFC 4180 has it, with a header line. A text that a spreadsheet would run as a formula
 * gets a quote before it; null is an empty field.
 */
export function tableToCsv({ columns, rows }: ChartTable): string {
  return [columns, ...rows].map((row) => row.map(toField).join(',')).join('\r\n') + '\r\n'
}

function toField(value: string | number | null): string {
  if (value === null) return ''
  if (typeof value === 'number') return String(value)
  const text = /^[=+@\t\r-]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
