export type CsvValue = string | number | null

/** Spreadsheets run a text that begins so as a formula, also in the full-width forms. */
const formulaStart = /^[=+@\t\r\n\-＝＋－＠]/

/**
 * Rows as RFC 4180 has them. A text that a spreadsheet would run as a formula gets a quote before it;
 * numbers stay as they are, null is an empty field.
 */
export function toCsv(rows: readonly (readonly CsvValue[])[]): string {
  return rows.map((row) => `${row.map(toField).join(',')}\r\n`).join('')
}

function toField(value: CsvValue): string {
  if (value === null) return ''
  if (typeof value === 'number') return String(value)
  const text = formulaStart.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
