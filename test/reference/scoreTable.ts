import { quantile, type Score } from './recordedSets'

interface Group {
  readonly name: string
  readonly scores: readonly Score[]
}

/** Tables of how far the estimates are from the recorded steps: by set, by method, by family. */
export function scoreTables(all: readonly Score[]): string {
  return [setTable(all), methodTable(all), familyTable(all)].join('\n\n')
}

function setTable(all: readonly Score[]): string {
  const groups = groupBy(all, ({ set }) => set)
  const lines = groups.flatMap(({ name, scores }) => [
    line([name, 'peak', ...spread(scores.map(({ error }) => error))]),
    line([name, 'activations and temporaries', ...spread(changing(scores))]),
  ])
  return table(['set', 'of', 'steps', 'median', '9 in 10', 'largest'], 2, lines)
}

function methodTable(all: readonly Score[]): string {
  const groups = groupBy(all, ({ row: { job } }) => {
    const method =
      job.method.type === 'full' ? 'full' : `LoRA, ${job.method.adapterPrecision} adapters`
    return `${job.precision}, ${method}`
  })
  const lines = groups
    .toSorted((a, b) => a.name.localeCompare(b.name))
    .map(({ name, scores }) => line([name, ...spread(scores.map(({ error }) => error))]))
  return table(['precision and method', 'steps', 'median', '9 in 10', 'largest'], 1, lines)
}

function familyTable(all: readonly Score[]): string {
  const lines = groupBy(all, ({ row }) => row.family).map(({ name, scores }) => {
    const sets = [...new Set(scores.map(({ set }) => set))].join(', ')
    const errors = scores.map(({ error }) => error)
    return line([
      name,
      sets,
      String(errors.length),
      percent(quantile(errors, 0.5)),
      percent(quantile(errors, 1)),
    ])
  })
  return table(['family', 'set', 'steps', 'median', 'largest'], 2, lines)
}

export function changing(scores: readonly Score[]): readonly number[] {
  return scores.flatMap(({ changingError }) => (changingError === null ? [] : [changingError]))
}

function spread(errors: readonly number[]): readonly string[] {
  return [
    String(errors.length),
    percent(quantile(errors, 0.5)),
    percent(quantile(errors, 0.9)),
    percent(quantile(errors, 1)),
  ]
}

function groupBy(all: readonly Score[], nameOf: (score: Score) => string): readonly Group[] {
  const names = [...new Set(all.map(nameOf))]
  return names.map((name) => ({ name, scores: all.filter((score) => nameOf(score) === name) }))
}

export const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`

/** A Markdown table whose first `textColumns` columns are text and the rest numbers. */
export function table(
  head: readonly string[],
  textColumns: number,
  lines: readonly string[],
): string {
  const rule = head.map((_, index) => (index < textColumns ? '---' : '--:'))
  return [line(head), line(rule), ...lines].join('\n')
}

export const percent = (share: number): string => `${(100 * share).toFixed(2)} %`
