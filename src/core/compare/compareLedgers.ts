import type { Step } from '../run/record'
import {
  ledgerTerms,
  type ComparedLedgerTerm,
  type LedgerOrigin,
  type LedgerTermName,
} from './comparison'

/**
 * The memory ledgers of two steps beside each other, line by line. The theory is the sum over a graph
 * and the allocated peak a count, so that a difference is one, however small; what lies beside the
 * arena is looked at from outside and may differ by itself.
 */
export function compareLedgers(a: Step, b: Step): ComparedLedgerTerm[] {
  return ledgerTerms.map((name) => {
    const [inA, inB] = [ledgerBytes(name, a), ledgerBytes(name, b)]
    return {
      name,
      origin: measuredOrigins[name] ?? 'theory',
      a: inA,
      b: inB,
      differenceBytes: inA === null || inB === null ? null : inB - inA,
    }
  })
}

function ledgerBytes(name: LedgerTermName, { memory }: Step): number | null {
  const { theory, measured, unexplainedBytes, arenaSlackBytes, contextBytes } = memory
  const known: Readonly<Partial<Record<LedgerTermName, number | null>>> = {
    ...theory?.terms,
    theoryPeakBytes: theory?.peakBytes ?? null,
    allocatedPeakBytes: measured?.allocatedPeakBytes ?? null,
    unexplainedBytes,
    arenaSlackBytes,
    contextBytes,
  }
  return known[name] ?? null
}

const measuredOrigins: Readonly<Partial<Record<LedgerTermName, LedgerOrigin>>> = {
  allocatedPeakBytes: 'allocated',
  unexplainedBytes: 'allocatedLessTheory',
  arenaSlackBytes: 'reservedLessAllocated',
  contextBytes: 'sampledLessReserved',
}
