import { isCrowded } from '../run/hostLoad'
import type { Step } from '../run/record'
import { finalTop1, finalValidationLoss } from './comparePrecisions'
import type { ComparedMetric, ComparedMetricName, MetricVerdict } from './comparison'
import { medianRatio, speedNoise } from './medianRatio'

/**
 * ONNX Runtime's own count of bytes is the same from run to run; less than this is a changed
 * version's bookkeeping, not a changed need.
 */
const memoryNoise = 0.01

/** Test accuracy may differ by this much between two trainings of one network: 1 point. */
const accuracyNoise = 0.01

/** The validation loss of a text may, too, by this share of it. */
const lossNoise = 0.02

/** Every metric of two steps that completed; b is judged against a. Empty where one did not. */
export function compareMetrics(a: Step, b: Step): ComparedMetric[] {
  if (a.outcome !== 'completed' || b.outcome !== 'completed') return []
  const latency = compareLatency(a, b)
  return [
    latency,
    throughputOf(latency, a, b),
    compareMemory('allocatedPeakBytes', a, b),
    // The whole device or process: others use it too, so it is shown and not judged.
    { ...compareMemory('devicePeakBytes', a, b), verdict: 'notCompared' },
    compareAccuracy(a, b),
    compareValidationLoss(a, b),
  ]
}

/** The ratio of times is there, but one of the two had to share the processors. */
export function isSpeedUnjudged({ metrics }: { readonly metrics: readonly ComparedMetric[] }) {
  return metrics.some(
    ({ name, ratio, verdict }) =>
      name === 'latencyMs' && ratio !== null && verdict === 'notCompared',
  )
}

function compareLatency(a: Step, b: Step): ComparedMetric {
  const ratio = medianRatio(b.latencySamplesMs, a.latencySamplesMs)
  // No interval of a run's samples knows of what other programs took: it is shown and not judged.
  const isShared = isCrowded(a.hostLoad) || isCrowded(b.hostLoad)
  return {
    name: 'latencyMs',
    a: a.latencyMs?.median ?? null,
    b: b.latencyMs?.median ?? null,
    ratio: ratio?.ratio ?? null,
    ciLow: ratio?.ciLow ?? null,
    ciHigh: ratio?.ciHigh ?? null,
    verdict: ratio && !isShared ? judgeLatency(ratio) : 'notCompared',
  }
}

/** The interval must leave the noise of the method behind, not just 1. */
function judgeLatency({ ciLow, ciHigh }: { ciLow: number; ciHigh: number }): MetricVerdict {
  if (ciLow > 1 + speedNoise) return 'worse'
  if (ciHigh < 1 - speedNoise) return 'better'
  return 'noSignificantDifference'
}

/** Throughput is the latency's inverse, so its interval is, and it is not judged a second time. */
function throughputOf({ ratio, ciLow, ciHigh, verdict }: ComparedMetric, a: Step, b: Step) {
  const inverse = (value: number | null) => (value === null ? null : 1 / value)
  return {
    name: 'throughputPerSecond',
    a: a.throughputPerSecond,
    b: b.throughputPerSecond,
    ratio: inverse(ratio),
    ciLow: inverse(ciHigh),
    ciHigh: inverse(ciLow),
    verdict,
  } satisfies ComparedMetric
}

function compareMemory(
  name: Extract<ComparedMetricName, 'allocatedPeakBytes' | 'devicePeakBytes'>,
  a: Step,
  b: Step,
): ComparedMetric {
  const inA = a.memory.measured?.[name] ?? null
  const inB = b.memory.measured?.[name] ?? null
  const ratio = inA === null || inB === null || inA === 0 ? null : inB / inA
  const verdict = ratio === null ? 'notCompared' : judge(ratio - 1, memoryNoise)
  return { name, a: inA, b: inB, ratio, ciLow: null, ciHigh: null, verdict }
}

function compareAccuracy(a: Step, b: Step): ComparedMetric {
  const inA = finalTop1(a)
  const inB = finalTop1(b)
  const isKnown = inA !== null && inB !== null
  const ratio = isKnown && inA > 0 ? inB / inA : null
  const verdict = isKnown ? judge(inA - inB, accuracyNoise) : 'notCompared'
  return { name: 'top1', a: inA, b: inB, ratio, ciLow: null, ciHigh: null, verdict }
}

function compareValidationLoss(a: Step, b: Step): ComparedMetric {
  const inA = finalValidationLoss(a)
  const inB = finalValidationLoss(b)
  const ratio = inA === null || inB === null || inA === 0 ? null : inB / inA
  const verdict = ratio === null ? 'notCompared' : judge(ratio - 1, lossNoise)
  return { name: 'validationLoss', a: inA, b: inB, ratio, ciLow: null, ciHigh: null, verdict }
}

/** @param excess how much worse b is, in the unit of `noise` */
function judge(excess: number, noise: number): MetricVerdict {
  if (excess > noise) return 'worse'
  return excess < -noise ? 'better' : 'noSignificantDifference'
}
