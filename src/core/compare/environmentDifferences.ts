import { isCrowded } from '../run/hostLoad'
import type { RunRecord } from '../run/record'
import type { Comparison } from './comparison'

/** What may explain a difference without any change of the model, by its path in the record. */
const surroundings: Readonly<Record<string, (record: RunRecord) => string | number | null>> = {
  'device.name': ({ device }) => device.name,
  'device.driverVersion': ({ device }) => device.driverVersion,
  'device.memoryTotalBytes': ({ device }) => device.memoryTotalBytes,
  'device.powerLimitWatts': ({ device }) => device.powerLimitWatts,
  'host.os': ({ host }) => host.os,
  'host.cpu': ({ host }) => host.cpu,
  'host.logicalCores': ({ host }) => host.logicalCores,
  'steps.hostLoad.otherProcessors': ({ steps }) => mostTaken(steps),
  'host.memoryBytes': ({ host }) => host.memoryBytes,
  'host.headroomVersion': ({ host }) => host.headroomVersion,
  'host.onnxruntimeVersion': ({ host }) => host.onnxruntimeVersion,
  executionProvider: ({ steps }) =>
    [...new Set(steps.flatMap(({ executionProvider }) => executionProvider.actual ?? []))].join(
      ', ',
    ) || null,
  'workload.profile': ({ workload }) => workload.profile,
  'workload.optimizers': ({ workload }) => workload.optimizers.join(', '),
  'workload.learningRate': ({ workload }) => workload.learningRate,
  'workload.trainingSteps': ({ workload }) => workload.trainingSteps,
  'workload.adapterRank': ({ workload }) => workload.adapterRank,
  'workload.gradientAccumulationSteps': ({ workload }) => workload.gradientAccumulationSteps,
  'workload.checkpointing': ({ workload }) => workload.checkpointing,
  'workload.seed': ({ workload }) => workload.seed,
}

/** Each figure of the surroundings in which the runs differ, as text. */
export function environmentDifferences(a: RunRecord, b: RunRecord): Comparison['environment'] {
  return Object.entries(surroundings).flatMap(([name, read]) => {
    const [inA, inB] = [read(a), read(b)]
    return inA === inB ? [] : [{ name, a: asText(inA), b: asText(inB) }]
  })
}

/** Of the step that had to share the processors most; null where none had. */
function mostTaken(steps: RunRecord['steps']): string | null {
  const loads = steps.flatMap(({ hostLoad }) => (hostLoad && isCrowded(hostLoad) ? hostLoad : []))
  if (loads.length === 0) return null
  return Math.max(...loads.map(({ otherProcessors }) => otherProcessors)).toFixed(1)
}

function asText(value: string | number | null): string | null {
  return value === null ? null : String(value)
}
