import { networkName } from '../plan/networkName'
import type { RunRecord, Step } from '../run/record'
import type { ComparedRun, ComparedStep, Comparison, ComparisonVerdict } from './comparison'
import { compareLedgers } from './compareLedgers'
import { compareMetrics, isSpeedUnjudged } from './compareMetrics'
import { environmentDifferences } from './environmentDifferences'

/**
 * Run `b` judged against run `a`: the steps that both have, metric by metric. Pure.
 * A step that completed in a and failed in b counts as a regression.
 */
export function compareRuns(a: RunRecord, b: RunRecord): Comparison {
  const partner = (step: Step, steps: readonly Step[]) =>
    steps.find((other) => stepKey(other) === stepKey(step))
  const steps = a.steps.flatMap((stepA): ComparedStep[] => {
    const stepB = partner(stepA, b.steps)
    return stepB ? [compareSteps(stepA, stepB)] : []
  })
  return {
    schema: 'headroom/comparison/1',
    a: comparedRun(a),
    b: comparedRun(b),
    verdict: overallVerdict(steps),
    environment: environmentDifferences(a, b),
    steps,
    unmatched: [
      ...a.steps.filter((step) => !partner(step, b.steps)).map((step) => unmatched('a', step)),
      ...b.steps.filter((step) => !partner(step, a.steps)).map((step) => unmatched('b', step)),
    ],
  }
}

function identity({ mode, precision, network, batchSize, ...step }: Step) {
  const { sequenceLength, method, optimizer } = step
  return { mode, precision, network: network.name, batchSize, sequenceLength, method, optimizer }
}

function stepKey(step: Step): string {
  return JSON.stringify(Object.values(identity(step)))
}

function unmatched(run: 'a' | 'b', step: Step): Comparison['unmatched'][number] {
  return { run, ...identity(step) }
}

function comparedRun({ id, startedAt, device, workload, host }: RunRecord): ComparedRun {
  return {
    id,
    startedAt,
    deviceName: device.name,
    network: networkName(workload),
    headroomVersion: host.headroomVersion,
  }
}

function compareSteps(a: Step, b: Step): ComparedStep {
  return {
    ...identity(a),
    outcomeA: a.outcome,
    outcomeB: b.outcome,
    metrics: compareMetrics(a, b),
    ledger: compareLedgers(a, b),
  }
}

/** Outcomes that say something about the step; the others say that nobody wanted its figures. */
const failures: ReadonlySet<Step['outcome']> = new Set([
  'outOfMemory',
  'hostOutOfMemory',
  'crashed',
  'hung',
  'deviceLost',
  'diverged',
])

function overallVerdict(steps: readonly ComparedStep[]): ComparisonVerdict {
  const hasBroken = steps.some(
    ({ outcomeA, outcomeB }) => outcomeA === 'completed' && failures.has(outcomeB),
  )
  const verdicts = steps.flatMap(({ metrics }) => metrics.map(({ verdict }) => verdict))
  if (hasBroken || verdicts.includes('worse')) return 'regressed'
  if (verdicts.includes('better')) return 'improved'
  if (verdicts.includes('noSignificantDifference') || steps.some(isSpeedUnjudged))
    return 'noSignificantDifference'
  return 'notComparable'
}
