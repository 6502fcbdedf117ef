/** What memory is held for, in the order in which charts stack it. Names are a contract (`headroom/estimate/1`). */
export const memoryTermNames = [
  'weightsBytes',
  'gradientsBytes',
  'optimizerStatesBytes',
  /** Weights and optimizer states that a run gives back, beside those that it was fed. */
  'stateCopyBytes',
  'activationsBytes',
  'temporaryBytes',
  'kvCacheBytes',
  'runtimeOverheadBytes',
] as const

export type MemoryTermName = (typeof memoryTermNames)[number]

/** Bytes by purpose; the terms of one moment add up to its total. */
export type MemoryTerms = Readonly<Record<MemoryTermName, number>>

/** `terms` with 0 for every term that is not held. */
export function memoryTerms(terms: Partial<MemoryTerms>): MemoryTerms {
  return {
    weightsBytes: terms.weightsBytes ?? 0,
    gradientsBytes: terms.gradientsBytes ?? 0,
    optimizerStatesBytes: terms.optimizerStatesBytes ?? 0,
    stateCopyBytes: terms.stateCopyBytes ?? 0,
    activationsBytes: terms.activationsBytes ?? 0,
    temporaryBytes: terms.temporaryBytes ?? 0,
    kvCacheBytes: terms.kvCacheBytes ?? 0,
    runtimeOverheadBytes: terms.runtimeOverheadBytes ?? 0,
  }
}

/** Sum of all terms, in bytes. */
export function totalBytes(terms: MemoryTerms): number {
  return (
    terms.weightsBytes +
    terms.gradientsBytes +
    terms.optimizerStatesBytes +
    terms.stateCopyBytes +
    terms.activationsBytes +
    terms.temporaryBytes +
    terms.kvCacheBytes +
    terms.runtimeOverheadBytes
  )
}
