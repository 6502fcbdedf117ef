import { isSpeedUnjudged } from '../../core/compare/compareMetrics'
import type { ComparedMetric, ComparedStep, Comparison } from '../../core/compare/comparison'
import { assertNever } from '../../core/errors'
import { describeLedgers } from '../../core/report/describeLedgers'
import {
  formatFigure,
  formatInterval,
  formatPercent,
  optionalFigure,
} from '../../core/report/figures'
import { plainText } from '../../core/report/plainText'
import { stepLabel } from '../../core/report/stepLabel'
import { en } from '../../core/report/words/en'
import { formatBytes } from '../../core/units'
import type { Output } from '../terminal'
import { formatTable } from './table'

/** Two runs side by side, b judged against a: the verdict, what differs around them, each metric. */
export function comparisonText(comparison: Comparison, output: Output): string {
  const { bold, dim, yellow } = output.colours
  const { a, b, environment, steps, unmatched } = comparison
  const runs = [a, b].map(
    (run, i) =>
      `${dim(i === 0 ? 'A' : 'B')} ${run.id}  ${run.startedAt}  ${run.network} on ${plainText(run.deviceName)}`,
  )
  const differences = environment.map(({ name, a: inA, b: inB }) =>
    yellow(`! ${name} differs: ${plainText(inA ?? 'unknown')} → ${plainText(inB ?? 'unknown')}`),
  )
  const alone = unmatched.map((step) => dim(`only in ${step.run.toUpperCase()}: ${labelOf(step)}`))
  return [
    bold(comparisonVerdict(comparison)),
    [...runs, ...differences].join('\n'),
    ...(steps.length > 0 ? [metricsTable(steps, output)] : []),
    ...ledgerParts(comparison, output),
    ...(alone.length > 0 ? [alone.join('\n')] : []),
  ].join('\n\n')
}

/** The answer in one sentence, with everything that speaks for it. */
export function comparisonVerdict({ verdict, steps }: Comparison): string {
  const words = en.comparison
  const changes = (wanted: 'better' | 'worse') =>
    steps.flatMap((step) =>
      step.metrics
        .filter((metric) => metric.verdict === wanted)
        .map(({ name }) => words.changed(labelOf(step), words.metric[name], words[wanted])),
    )
  switch (verdict) {
    case 'regressed': {
      const broken = steps
        .filter(({ outcomeA, outcomeB }) => outcomeA === 'completed' && outcomeB !== 'completed')
        .map((step) => words.broke(labelOf(step), en.outcome[step.outcomeB]))
      return words.regressed([...broken, ...changes('worse')].join('; '))
    }
    case 'improved':
      return words.improved(changes('better').join('; '))
    case 'noSignificantDifference':
    case 'notComparable':
      return steps.some(isSpeedUnjudged) ? words.crowded : words[verdict]
    default:
      return assertNever(verdict)
  }
}

function metricsTable(steps: readonly ComparedStep[], output: Output): string {
  const columns = [
    { label: 'Step' },
    { label: 'Metric' },
    { label: 'A', isFigure: true },
    { label: 'B', isFigure: true },
    { label: 'B ÷ A', isFigure: true },
    { label: '95 % interval', isFigure: true },
    { label: '' },
  ]
  const rows = steps.flatMap((step) =>
    step.metrics
      .filter(({ a, b }) => a !== null || b !== null)
      .map((metric, i) => [i === 0 ? labelOf(step) : '', ...metricCells(metric, output)]),
  )
  return formatTable(columns, rows, output)
}

/** Term by term what the memory of both was for, under the line that differs most. */
function ledgerParts(comparison: Comparison, output: Output): string[] {
  const { rows, summary } = describeLedgers(comparison, en)
  if (rows.length === 0) return []
  const words = en.comparison.ledger
  const { dim } = output.colours
  const columns = [
    { label: 'Step' },
    { label: words.heading },
    { label: words.originHeading },
    { label: 'A', isFigure: true },
    { label: 'B', isFigure: true },
    { label: words.differenceHeading, isFigure: true },
  ]
  const cells = rows.map(({ step, term, origin, a, b, difference, hasChanged }, i) => [
    rows[i - 1]?.step === step ? '' : step,
    term,
    dim(origin),
    a,
    b,
    hasChanged ? difference : dim(difference),
  ])
  return [`${summary}\n${dim(words.note)}`, formatTable(columns, cells, output)]
}

function metricCells(metric: ComparedMetric, { colours }: Output): string[] {
  const { name, a, b, ratio, ciLow, ciHigh, verdict } = metric
  const words = en.comparison
  const said = {
    better: colours.green(words.better),
    worse: colours.red(words.worse),
    noSignificantDifference: words.noDifference,
    notCompared: colours.dim(words.notCompared),
  }
  return [
    words.metric[name],
    figure(name, a),
    figure(name, b),
    optionalFigure(ratio),
    ciLow === null || ciHigh === null ? '—' : formatInterval({ ciLow, ciHigh }),
    said[verdict],
  ]
}

function figure(name: ComparedMetric['name'], value: number | null): string {
  switch (name) {
    case 'latencyMs':
      return optionalFigure(value, (ms) => `${formatFigure(ms)} ms`)
    case 'throughputPerSecond':
      return optionalFigure(value, (rate) => `${formatFigure(rate)} /s`)
    case 'allocatedPeakBytes':
    case 'devicePeakBytes':
      return formatBytes(value)
    case 'validationLoss':
      return optionalFigure(value)
    case 'top1':
      return optionalFigure(value, (fraction) => `${formatPercent(fraction)} %`)
    default:
      return assertNever(name)
  }
}

function labelOf(step: Pick<ComparedStep, 'mode' | 'precision' | 'method' | 'optimizer'>): string {
  return stepLabel({ ...step, int8Mode: undefined }, en)
}
