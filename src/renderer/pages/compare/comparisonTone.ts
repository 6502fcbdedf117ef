import {
  acceptableLossPoints,
  type PrecisionVerdict,
} from '../../../core/compare/comparePrecisions'
import type { ComparisonVerdict } from '../../../core/compare/comparison'
import type { Tone } from '../../components/Verdict'

/** Whether the first thing to be said of a run is good news. */
export function precisionTone(headline: PrecisionVerdict | null): Tone {
  if (!headline) return 'neutral'
  const { speedVerdict, accuracyLossPoints } = headline
  if ((accuracyLossPoints ?? 0) > acceptableLossPoints) return 'warn'
  if (speedVerdict === 'crowded') return 'warn'
  return speedVerdict === 'faster' ? 'good' : 'neutral'
}

export const comparisonTones: Readonly<Record<ComparisonVerdict, Tone>> = {
  regressed: 'bad',
  improved: 'good',
  noSignificantDifference: 'neutral',
  notComparable: 'warn',
}
