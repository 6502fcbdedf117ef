import type {
  ComparedLedgerTerm,
  ComparedStep,
  Comparison,
  LedgerTermName,
} from '../compare/comparison'
import { formatBytes } from '../units'
import { stepLabel } from './stepLabel'
import type { Words } from './words/en'

/** One line of the ledgers of a step, as a table shows it. */
export interface LedgerRow {
  readonly step: string
  readonly term: string
  /** How it is known. */
  readonly origin: string
  readonly a: string
  readonly b: string
  /** `+1.5 MiB`, `0 B`; unknown where one of them is. */
  readonly difference: string
  readonly hasChanged: boolean
}

export interface LedgerReport {
  /** The line that differs most, in one sentence. */
  readonly summary: string
  /** Empty where the runs have no step in common of which anything is known. */
  readonly rows: readonly LedgerRow[]
}

/** Sums of other lines, and the one that is sampled: none of them says what changed. */
const isNoCause: ReadonlySet<LedgerTermName> = new Set([
  'theoryPeakBytes',
  'allocatedPeakBytes',
  'contextBytes',
])

/** The memory ledgers of two runs beside each other, in words; lines that are 0 in both are left out. Pure. */
export function describeLedgers({ steps }: Comparison, words: Words): LedgerReport {
  const { ledger } = words.comparison
  const rows = steps
    .filter((step) => step.ledger.some(({ a, b }) => a !== null || b !== null))
    .flatMap((step) =>
      step.ledger
        .filter(({ a, b }) => a !== 0 || b !== 0)
        .map((term) => ledgerRow(stepLabel(step, words), term, words)),
    )
  const largest = largestDifference(steps)
  const summary = largest
    ? ledger.largest(
        stepLabel(largest.step, words),
        termLabel(largest.term.name, words),
        formatDifference(largest.term.differenceBytes, words),
      )
    : ledger.same
  return { summary, rows }
}

function ledgerRow(step: string, term: ComparedLedgerTerm, words: Words): LedgerRow {
  const { unknown, origin } = words.comparison.ledger
  const bytes = (value: number | null) => (value === null ? unknown : formatBytes(value))
  return {
    step,
    term: termLabel(term.name, words),
    origin: origin[term.origin],
    a: bytes(term.a),
    b: bytes(term.b),
    difference: formatDifference(term.differenceBytes, words),
    hasChanged: (term.differenceBytes ?? 0) !== 0,
  }
}

function termLabel(name: LedgerTermName, words: Words): string {
  return { ...words.term, ...words.comparison.ledger.term }[name]
}

function formatDifference(bytes: number | null, words: Words): string {
  if (bytes === null) return words.comparison.ledger.unknown
  return bytes > 0 ? `+${formatBytes(bytes)}` : formatBytes(bytes)
}

function largestDifference(steps: readonly ComparedStep[]) {
  return steps
    .flatMap((step) => step.ledger.map((term) => ({ step, term })))
    .filter(({ term }) => !isNoCause.has(term.name) && (term.differenceBytes ?? 0) !== 0)
    .toSorted((x, y) => Math.abs(y.term.differenceBytes!) - Math.abs(x.term.differenceBytes!))
    .at(0)
}
