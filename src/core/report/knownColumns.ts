import type { ReportTable } from './runReport'

/** `table` without the columns of which nothing is known in any row; the first names the rows and stays. */
export function knownColumns({ columns, rows }: ReportTable): ReportTable {
  const known = columns.flatMap((_, i) =>
    i === 0 || rows.some((row) => row[i] !== '—' && row[i] !== '') ? [i] : [],
  )
  return {
    columns: known.map((i) => columns[i]!),
    rows: rows.map((row) => known.map((i) => row[i]!)),
  }
}
