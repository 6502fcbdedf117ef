import Table from 'cli-table3'
import { stripVTControlCharacters } from 'node:util'
import type { Output } from '../terminal'

export interface TextColumn {
  readonly label: string
  readonly isFigure?: boolean
}

type Rows = readonly (readonly string[])[]

/** No lines: the eye follows columns, not boxes. */
const noLines: Readonly<Record<string, string>> = Object.fromEntries(
  'top top-mid top-left top-right bottom bottom-mid bottom-left bottom-right left left-mid mid mid-mid right right-mid'
    .split(' ')
    .map((name) => [name, '']),
)

/**
 * Columns aligned by their displayed width, figures to the right. Columns in which nothing is known
 * are left out. A table of figures that is wider than the terminal is turned on its side, if that
 * helps; rows of a list stay rows.
 */
export function formatTable(columns: readonly TextColumn[], rows: Rows, output: Output): string {
  const told = columns.flatMap((column, i) =>
    i > 0 && rows.every((row) => isUnknown(row[i])) ? [] : [i],
  )
  const toldColumns = told.map((i) => columns[i]!)
  const toldRows = rows.map((row) => told.map((i) => row[i] ?? ''))
  const upright = draw(toldColumns, toldRows, output)
  const isList = !columns.some(({ isFigure }) => isFigure)
  if (isList || widthOf(upright) <= output.columns()) return upright
  const turned = draw(
    [
      { label: toldColumns[0]?.label ?? '' },
      ...toldRows.map(([label = '']) => turnedColumn(label)),
    ],
    toldColumns.slice(1).map(({ label }, i) => [label, ...toldRows.map((row) => row[i + 1]!)]),
    output,
  )
  return widthOf(turned) < widthOf(upright) ? turned : upright
}

function turnedColumn(label: string): TextColumn {
  return { label: stripVTControlCharacters(label), isFigure: true }
}

function isUnknown(cell: string | undefined): boolean {
  return cell === undefined || cell === '' || stripVTControlCharacters(cell) === '—'
}

function draw(columns: readonly TextColumn[], rows: Rows, { colours }: Output): string {
  const table = new Table({
    head: columns.map(({ label }) => colours.dim(label)),
    colAligns: columns.map(({ isFigure }) => (isFigure ? 'right' : 'left')),
    chars: { ...noLines, middle: '  ' },
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  })
  table.push(...rows.map((row) => [...row]))
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
}

function widthOf(text: string): number {
  return Math.max(...text.split('\n').map((line) => stripVTControlCharacters(line).length))
}

/** Label and value in two columns. */
export function formatFacts(
  facts: readonly (readonly [label: string, value: string])[],
  { colours }: Output,
): string {
  const width = Math.max(0, ...facts.map(([label]) => label.length))
  return facts.map(([label, value]) => `${colours.dim(label.padEnd(width))}  ${value}`).join('\n')
}
