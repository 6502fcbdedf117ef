import type { Estimate } from '../../src/core/estimate/estimate'
import { estimateMemory } from '../../src/core/estimate/estimateMemory'
import { type OracleRow, readOracle } from './oracleRows'

/** A file of recorded steps, and when it was recorded: that says what its score means. */
export interface RecordedSet {
  readonly name: 'written with' | 'held out' | 'unseen' | 'full depth'
  readonly rows: readonly OracleRow[]
}

/** Recorded steps by set; the estimator was written with the first alone. */
export function recordedSets(): readonly RecordedSet[] {
  return [
    { name: 'written with', rows: readOracle() },
    { name: 'held out', rows: readOracle('heldOut.csv', 'heldOutArchitectures.json') },
    { name: 'unseen', rows: readOracle('unseen.csv', 'unseenArchitectures.json') },
    { name: 'full depth', rows: readFullDepth() },
  ]
}

/** Models at their real depth: of the families written with, and of more sizes of them. */
function readFullDepth(): readonly OracleRow[] {
  return readOracle(
    'fullDepth.csv',
    'architectures.json',
    'heldOutArchitectures.json',
    'fullDepthArchitectures.json',
  )
}

export interface Score {
  readonly set: RecordedSet['name']
  readonly row: OracleRow
  readonly estimate: Estimate
  /** |predicted ÷ recorded − 1| of the peak of live tensors. */
  readonly error: number
  /** The same of activations and temporaries alone; null where they are under a tenth of the peak. */
  readonly changingError: number | null
}

/** Every recorded step beside its estimate. */
export function scoreRecorded(): readonly Score[] {
  return recordedSets().flatMap(({ name, rows }) => rows.map((row) => scoreRow(name, row)))
}

function scoreRow(set: RecordedSet['name'], row: OracleRow): Score {
  const estimate = estimateMemory(row.job)
  const recorded = row.peak.act + row.peak.temp
  const { activationsBytes, temporaryBytes } = estimate.terms
  const isCounted = recorded >= 0.1 * row.peak.total
  return {
    set,
    row,
    estimate,
    error: Math.abs(estimate.tensorsPeakBytes / row.peak.total - 1),
    changingError: isCounted ? Math.abs((activationsBytes + temporaryBytes) / recorded - 1) : null,
  }
}

/** The value below which a share `q` of the values lies; the middle one of an odd number at ½. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  const at = q * (sorted.length - 1)
  const [low = Number.NaN, high = low] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]]
  return low + (at - Math.floor(at)) * (high - low)
}
