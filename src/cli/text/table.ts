import Table from 'cli-table3'
import type { Output } from '../terminal'

export interface TextColumn {
  readonly label: string
  readonly isFigure?: boolean
}

/** Lines only under the header: the eye follows columns, not boxes. */
const lines = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
}

/** Columns aligned by their displayed width, figures to the right. */
export function formatTable(
  columns: readonly TextColumn[],
  rows: readonly (readonly string[])[],
  { colours }: Output,
): string {
  const table = new Table({
    head: columns.map(({ label }) => colours.dim(label)),
    colAligns: columns.map(({ isFigure }) => (isFigure ? 'right' : 'left')),
    chars: lines,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  })
  table.push(...rows.map((row) => [...row]))
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
}

/** Label and value in two columns. */
export function formatFacts(
  facts: readonly (readonly [label: string, value: string])[],
  { colours }: Output,
): string {
  const width = Math.max(0, ...facts.map(([label]) => label.length))
  return facts.map(([label, value]) => `${colours.dim(label.padEnd(width))}  ${value}`).join('\n')
}
