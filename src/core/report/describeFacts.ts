import { networkName } from '../plan/networkName'
import type { RunRecord } from '../run/record'
import { formatBytes } from '../units'
import { formatFigure } from './figures'
import { plainText } from './plainText'
import type { ReportFact } from './runReport'
import type { Words } from './words/en'

/** Where and how it was measured. */
export function describeFacts(record: RunRecord, words: Words): ReportFact[] {
  const { device, host, workload, steps } = record
  const { facts } = words
  const driver = device.driverVersion === null ? '' : ` · driver ${device.driverVersion}`
  const memory =
    device.memoryTotalBytes === null ? '' : ` · ${formatBytes(device.memoryTotalBytes)}`
  const providers = new Set(
    steps.flatMap(({ executionProvider }) => executionProvider.actual ?? []),
  )
  const parameterCount = steps[0]?.network.parameterCount
  const values: readonly (readonly [label: string, value: string])[] = [
    [facts.device, `${device.name}${memory}${driver}`],
    [
      facts.processor,
      `${host.cpu} · ${facts.logicalCores(host.logicalCores)} · ${formatBytes(host.memoryBytes)}`,
    ],
    [facts.system, host.os],
    [facts.provider, [...providers].join(', ') || words.unknown],
    [
      facts.versions,
      `Headroom ${host.headroomVersion} · ONNX Runtime ${host.onnxruntimeVersion ?? words.unknown}`,
    ],
    [
      facts.network,
      parameterCount === undefined
        ? networkName(workload)
        : `${networkName(workload)} · ${facts.parameters(formatFigure(parameterCount))}`,
    ],
    [facts.batchSize, String(workload.batchSize)],
    ...(workload.sequenceLength === null
      ? []
      : [[facts.sequenceLength, String(workload.sequenceLength)] as const]),
    [facts.optimizer, workload.optimizers.join(', ')],
    [facts.method, workload.methods.join(', ')],
    ...(workload.trainingSteps === null
      ? []
      : [[facts.trainingSteps, String(workload.trainingSteps)] as const]),
    [facts.profile, workload.profile],
    [facts.seed, String(workload.seed)],
    [facts.startedAt, record.startedAt],
    [facts.outcome, words.outcome[record.outcome]],
    [facts.id, record.id],
  ]
  return values.map(([label, value]) => ({ label, value: plainText(value) }))
}
