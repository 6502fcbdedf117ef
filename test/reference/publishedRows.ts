import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { GiB, MiB } from '../../src/core/units'

/** One core row of published.csv: what a source measured, and how it described the run. */
export interface PublishedRow {
  readonly id: string
  /** The id without its number: rows of one source. */
  readonly source: string
  readonly kind: 'train' | 'infer' | 'kv' | 'file' | 'params'
  readonly measured: string
  /** Bytes, or a plain number for parameters and hidden-state copies. */
  readonly value: number
  readonly text: (column: string) => string
  /** NaN where the cell is empty or no number. */
  readonly number: (column: string) => number
}

const file = join(import.meta.dirname, '../data/published/published.csv')

export function readPublished(): readonly PublishedRow[] {
  const [header = [], ...records] = parseCsv(readFileSync(file, 'utf8'))
  return records.map((cells) => {
    const text = (column: string): string => cells[header.indexOf(column)] ?? ''
    const number = (column: string): number =>
      text(column) === '' ? Number.NaN : Number(text(column))
    const id = text('id')
    return {
      id,
      source: id.replace(/-\d+$/, ''),
      kind: text('kind') as PublishedRow['kind'],
      measured: text('measured_quantity'),
      value: number('value') * unitBytes(text('unit'), number('value'), text('notes')),
      text,
      number,
    }
  })
}

/**
 * Units as the sources' own code has them, not as they print them: MB is always MiB in these rows;
 * GB is 10⁹ bytes where the collected GiB figure differs from the printed one.
 */
function unitBytes(unit: string, value: number, notes: string): number {
  switch (unit) {
    case 'MiB':
    case 'MB':
      return MiB
    case 'GiB':
      return GiB
    case 'GB': {
      const gib = Number(/gib=([\d.]+)/.exec(notes)?.[1])
      return Math.abs(gib / value - 1) < 0.01 ? GiB : 1e9
    }
    default:
      return 1
  }
}

/** RFC 4180 without line breaks inside quotes. */
function parseCsv(text: string): readonly (readonly string[])[] {
  return text
    .trim()
    .split(/\r?\n/)
    .map((line) =>
      [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
        ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '',
      ),
    )
}
