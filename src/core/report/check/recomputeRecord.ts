import { totalBytes } from '../../estimate/memoryTerms'
import { deriveStepFigures } from '../../run/deriveFigures'
import type { RunRecord, Step } from '../../run/record'

/** A figure of the record that does not follow from the record's own samples. */
export interface Mismatch {
  /** `steps.0.latencyMs.median` */
  readonly path: string
  readonly stored: unknown
  readonly recomputed: unknown
}

export interface Recomputed {
  /** The record with every derived figure computed from its raw samples. */
  readonly record: RunRecord
  readonly figureCount: number
  readonly mismatches: readonly Mismatch[]
}

/** Browsers may differ in the last bits of a logarithm; nothing else may. */
const tolerance = 1e-9

/** Computes every derived figure of `record` again, from the samples, terms and epochs it carries. */
export function recomputeRecord(record: RunRecord): Recomputed {
  const steps = record.steps.map(recomputeStep)
  const recomputed = { ...record, steps }
  const compared = steps.flatMap((step, index) => {
    const stored = derivedFigures(record.steps[index]!)
    return Object.entries(derivedFigures(step)).map(([name, value]) => ({
      path: `steps.${index}.${name}`,
      stored: stored[name],
      recomputed: value,
    }))
  })
  return {
    record: recomputed,
    figureCount: compared.length,
    mismatches: compared.filter(({ stored, recomputed: value }) => !agree(stored, value)),
  }
}

/** By the code that derived the figures when the step ended; the theory's peak is the sum of its terms. */
function recomputeStep(step: Step): Step {
  const { memory, loss, epochs } = step
  const theory = memory.theory && {
    ...memory.theory,
    peakBytes: totalBytes(memory.theory.terms),
  }
  return deriveStepFigures({
    ...step,
    memory: { ...memory, theory },
    // Text has no epochs: its losses are raw samples themselves.
    loss: epochs.length > 0 ? epochs.map((epoch) => epoch.loss) : loss,
  })
}

/** What `recomputeStep` computes, by its path in the step. */
function derivedFigures({ latencyMs, memory, loss, epochs, ...step }: Step) {
  const {
    throughputPerSecond,
    tokensPerSecond,
    flopsPerSecond,
    fractionOfPeak,
    fullDepth,
    unrolledStep,
  } = step
  const figures: Record<string, unknown> = {
    throughputPerSecond,
    tokensPerSecond,
    flopsPerSecond,
    fractionOfPeak,
    'unrolledStep.latencyMs': unrolledStep?.latencyMs ?? null,
    'unrolledStep.lowMs': unrolledStep?.lowMs ?? null,
    'unrolledStep.highMs': unrolledStep?.highMs ?? null,
    'unrolledStep.fractionOfPeak': unrolledStep?.fractionOfPeak ?? null,
    'fullDepth.latencyMs': fullDepth?.latencyMs ?? null,
    'fullDepth.lowMs': fullDepth?.lowMs ?? null,
    'fullDepth.highMs': fullDepth?.highMs ?? null,
    'fullDepth.allocatedPeakBytes': fullDepth?.allocatedPeakBytes ?? null,
    'memory.theory.peakBytes': memory.theory?.peakBytes ?? null,
    'memory.measured.devicePeakBytes': memory.measured?.devicePeakBytes ?? null,
    'memory.unexplainedBytes': memory.unexplainedBytes,
    'memory.arenaSlackBytes': memory.arenaSlackBytes,
    'memory.contextBytes': memory.contextBytes,
  }
  for (const name of ['sampleCount', 'median', 'ciLow', 'ciHigh', 'p90', 'p99'] as const)
    figures[`latencyMs.${name}`] = latencyMs?.[name] ?? null
  const epochLosses = epochs.length > 0 ? loss : null
  epochLosses?.forEach((value, epoch) => {
    figures[`loss.${epoch}`] = value
  })
  return figures
}

function agree(a: unknown, b: unknown): boolean {
  if (typeof a !== 'number' || typeof b !== 'number') return a === b
  return Math.abs(a - b) <= tolerance * Math.max(Math.abs(a), Math.abs(b))
}
