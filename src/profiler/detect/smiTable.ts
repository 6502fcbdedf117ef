/**
 * Rows of what `nvidia-smi --query-…=… --format=csv` prints, as cells by the name of their column,
 * without the unit that stands behind it. Lines that are no row of the table (warnings, the note of a
 * lost GPU) are passed over; [] where there is no table.
 * @param isHeader tells the line with the names of the columns
 */
export function parseSmiTable(
  csv: string,
  isHeader: (line: string) => boolean,
): ReadonlyMap<string, string>[] {
  const lines = csv.split(/\r?\n/)
  const headerAt = lines.findIndex(isHeader)
  if (headerAt < 0) return []
  const columns = lines[headerAt]!.split(/, ?/).map((title) => title.replace(/ \[.*\]$/, '').trim())
  return lines.slice(headerAt + 1).flatMap((line) => {
    const cells = line.split(', ') // with the space: a comma alone may be a decimal point
    if (cells.length !== columns.length) return []
    return [new Map(columns.map((column, i) => [column, cells[i]!]))]
  })
}
