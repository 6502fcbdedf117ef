import { networkName } from '../core/plan/networkName'
import type { RunRecord } from '../core/run/record'
import type { RunSummary } from '../protocol/contract'

/** The line of the history that a record gives, but for what is found out when it is listed. */
export type StoredSummary = Omit<RunSummary, 'intact' | 'otherVersion'>

export function summarizeRun(record: RunRecord): StoredSummary {
  const { id, startedAt, outcome, device, workload, steps } = record
  return {
    id,
    startedAt,
    outcome,
    deviceName: device.name,
    network: networkName(workload),
    provider: steps[0]?.executionProvider.requested ?? workload.provider,
    modes: [...new Set(steps.map(({ mode }) => mode))],
    precisions: [...new Set(steps.map(({ precision }) => precision))],
    batchSize: workload.batchSize,
    stepCount: steps.length,
    completedStepCount: steps.filter((step) => step.outcome === 'completed').length,
  }
}
