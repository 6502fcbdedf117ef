import type { Plan } from '../core/plan/plan'
import { MethodName, WorkloadOptimizer } from '../core/plan/workload'
import { measurementProfiles } from '../core/run/measurementProfiles'
import type { Step } from '../core/run/record'
import type { StepRequest } from '../protocol/engineContract'

/** What one of a step's engine processes is asked to do. */
export function stepRequest(
  plan: Plan,
  step: Pick<Step, 'mode' | 'precision' | 'optimizer' | 'method'>,
  {
    resourcesFolder,
    scratchFolder,
    processIndex,
  }: Pick<StepRequest, 'resourcesFolder' | 'scratchFolder' | 'processIndex'>,
): StepRequest {
  const { mode, precision, optimizer, method } = step
  const { preset, model, batchSize, sequenceLength, trainingSteps, learningRate } = plan.workload
  const { adapterRank, gradientAccumulationSteps, checkpointing, profile, seed } = plan.workload
  return {
    mode,
    preset,
    model,
    precision,
    batchSize,
    sequenceLength,
    trainingSteps,
    learningRate,
    provider: plan.provider,
    // Inference looks at neither.
    optimizer: WorkloadOptimizer.parse(optimizer ?? 'sgd'),
    method: MethodName.parse(method ?? 'full'),
    adapterRank,
    gradientAccumulationSteps,
    checkpointing,
    profile,
    seed,
    processCount: measurementProfiles[profile].processCount,
    processIndex,
    resourcesFolder,
    scratchFolder,
  }
}
