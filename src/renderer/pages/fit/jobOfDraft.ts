import { type FitMethodId, fitMethods, jobOfMethod } from '../../../core/estimate/fitMethods'
import type { Job } from '../../../core/estimate/job'
import type { FitDraft } from './fitDraft'

/** How a Job names its model. */
export type JobModel = Readonly<Job['model']>

/** The job of one method with everything else as the draft has it, without a GPU. Throws InputError. */
export function jobOfDraft(draft: FitDraft, id: FitMethodId, model: JobModel): Job {
  const { batchSize, sequenceLength } = draft
  const { task } = fitMethods[id]
  return jobOfMethod(
    id,
    model,
    { batchSize, sequenceLength },
    {
      ...(task === 'train' ? trainFields(draft, id) : inferFields(draft)),
      attention: draft.attention,
      gpuCount: draft.gpuCount,
      sharding: shardingOf(draft, task),
    },
  )
}

function trainFields(draft: FitDraft, id: FitMethodId): Readonly<Record<string, unknown>> {
  const { optimizer, checkpointing, gradientAccumulationSteps, loss, precision, rank } = draft
  const method = fitMethods[id]
  const given = method.task === 'train' ? method.job.method : undefined
  const isAutocast = id === 'full-amp' && precision !== 'fp32'
  return {
    optimizer,
    checkpointing,
    gradientAccumulationSteps,
    loss,
    precision: isAutocast ? `amp-${precision}` : precision,
    ...(given && given.type !== 'full' ? { method: { ...given, rank } } : {}),
  }
}

function inferFields(draft: FitDraft): Readonly<Record<string, unknown>> {
  const { precision, sequenceLength, generatedLength, kvPrecision } = draft
  return { precision, promptLength: sequenceLength, generatedLength, kvPrecision }
}

/** Inference has neither gradients nor optimizer states to share out. */
function shardingOf({ gpuCount, sharding }: FitDraft, task: Job['task']): FitDraft['sharding'] {
  if (gpuCount === 1) return 'none'
  if (task === 'infer' && (sharding === 'zero1' || sharding === 'zero2')) return 'none'
  return sharding
}

/** The methods that differ from each other under the draft: fp32 leaves nothing to autocast. */
export function methodsOf({ precision }: Pick<FitDraft, 'precision'>): readonly FitMethodId[] {
  return (Object.keys(fitMethods) as FitMethodId[]).filter(
    (id) => precision !== 'fp32' || id !== 'full-amp',
  )
}

/** The method whose row is chosen. */
export function chosenMethod({ method, precision }: FitDraft): FitMethodId {
  return method === 'full-amp' && precision === 'fp32' ? 'full' : method
}
