import { measurementProfiles } from '../core/run/measurementProfiles'
import type { StepRequest } from '../protocol/engineContract'
import type { MeasureOptions } from './measure'

/** What of a profile falls to one of its processes: each warms up for itself. */
export function measureOptions({
  profile,
  processCount,
  mode,
  batchSize,
  gradientAccumulationSteps,
}: Pick<
  StepRequest,
  'profile' | 'processCount' | 'mode' | 'batchSize' | 'gradientAccumulationSteps'
>): MeasureOptions {
  const { warmupLimitMs, measuredMs, sampleCount } = measurementProfiles[profile]
  return {
    warmupLimitMs,
    measuredMs: measuredMs / processCount,
    sampleCount: Math.ceil(sampleCount / processCount),
    batchSize: mode === 'train' ? batchSize * gradientAccumulationSteps : batchSize,
  }
}
