import type { RunSummary } from '../../../protocol/contract'

export const historyColumns = [
  'startedAt',
  'outcome',
  'network',
  'deviceName',
  'provider',
  'modes',
  'precisions',
  'batchSize',
  'completedStepCount',
] as const
export type HistoryColumn = (typeof historyColumns)[number]

export interface HistoryOrder {
  readonly column: HistoryColumn
  readonly descending: boolean
}

/** The runs that hold every word of `search`, in this order; equal ones newest first. */
export function arrangeRuns(
  runs: readonly RunSummary[],
  search: string,
  { column, descending }: HistoryOrder,
): RunSummary[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean)
  const sign = descending ? -1 : 1
  return runs
    .filter((run) => words.every((word) => searchedText(run).includes(word)))
    .toSorted(
      (a, b) =>
        sign * compareValues(a[column], b[column]) || compareValues(b.startedAt, a.startedAt),
    )
}

function searchedText(run: RunSummary): string {
  return Object.values(run).flat().join(' ').toLowerCase()
}

function compareValues(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b
  return String(a) < String(b) ? -1 : Number(String(a) > String(b))
}

/** The two runs in the order of time: the later is judged against the earlier. */
export function inOrderOfTime(
  a: RunSummary,
  b: RunSummary,
): { readonly base: RunSummary; readonly run: RunSummary } {
  return a.startedAt <= b.startedAt ? { base: a, run: b } : { base: b, run: a }
}
