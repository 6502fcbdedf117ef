import { isSpeedUnjudged } from '../compare/compareMetrics'
import type { ComparedMetric, Comparison, MetricVerdict } from '../compare/comparison'
import { formatBytes } from '../units'
import { formatFigure, formatPercent, formatPoints, optionalFigure } from './figures'
import { stepLabel } from './stepLabel'
import type { Words } from './words/en'

/** One metric of one step, as a table shows it. */
export interface ComparisonRow {
  readonly step: string
  readonly metric: string
  readonly a: string
  readonly b: string
  /** `+30 % (+28 … +32)`; accuracy in points; a dash where it is unknown. */
  readonly change: string
  readonly verdict: MetricVerdict
  readonly verdictText: string
}

export interface ComparisonReport {
  /** The answer in one sentence. */
  readonly verdict: string
  readonly rows: readonly ComparisonRow[]
  /** Steps that ended differently or that only one run has, one line each. */
  readonly remarks: readonly string[]
}

/** What the comparison of two runs says, in words. Pure. */
export function describeComparison(comparison: Comparison, words: Words): ComparisonReport {
  const rows = comparison.steps.flatMap((step) =>
    step.metrics
      .filter(({ a, b }) => a !== null || b !== null)
      .map((metric) => comparisonRow(stepLabel(step, words), metric, words)),
  )
  const remarks = comparison.steps
    .filter(({ outcomeA, outcomeB }) => outcomeA !== outcomeB)
    .map((step) => words.comparison.broke(stepLabel(step, words), words.outcome[step.outcomeB]))
  return { verdict: verdictSentence(comparison, rows, remarks, words), rows, remarks }
}

function comparisonRow(step: string, metric: ComparedMetric, words: Words): ComparisonRow {
  const { comparison } = words
  const { name, verdict } = metric
  const unit = comparison.unit[name]
  const texts = {
    better: comparison.better,
    worse: comparison.worse,
    noSignificantDifference: comparison.noDifference,
    notCompared: comparison.notCompared,
  }
  return {
    step,
    metric: unit === '' ? comparison.metric[name] : `${comparison.metric[name]} (${unit})`,
    a: formatMetric(metric, metric.a),
    b: formatMetric(metric, metric.b),
    change: formatChange(metric, words),
    verdict,
    verdictText: texts[verdict],
  }
}

function formatMetric({ name }: ComparedMetric, value: number | null): string {
  if (name === 'top1') return optionalFigure(value, formatPercent)
  const isBytes = name === 'allocatedPeakBytes' || name === 'devicePeakBytes'
  return isBytes ? formatBytes(value) : optionalFigure(value)
}

function formatChange({ name, a, b, ratio, ciLow, ciHigh }: ComparedMetric, words: Words): string {
  if (name === 'top1')
    return a === null || b === null
      ? '—'
      : words.comparison.points(withSign(100 * (b - a), formatPoints))
  if (ratio === null) return '—'
  const change = `${signedPercent(ratio)} %`
  if (ciLow === null || ciHigh === null) return change
  return `${change} (${signedPercent(ciLow)} … ${signedPercent(ciHigh)})`
}

function signedPercent(ratio: number): string {
  const percent = 100 * (ratio - 1)
  if (Math.abs(percent) < 0.05) return '0'
  return withSign(percent, Math.abs(percent) < 10 ? (value) => value.toFixed(1) : formatFigure)
}

function withSign(value: number, format: (magnitude: number) => string): string {
  const magnitude = format(Math.abs(value))
  if (magnitude === '0') return magnitude
  return `${value < 0 ? '−' : '+'}${magnitude}`
}

function verdictSentence(
  { verdict, steps }: Comparison,
  rows: readonly ComparisonRow[],
  remarks: readonly string[],
  words: Words,
): string {
  const { comparison } = words
  if (verdict === 'noSignificantDifference' || verdict === 'notComparable')
    return steps.some(isSpeedUnjudged) ? comparison.crowded : comparison[verdict]
  const wanted = verdict === 'regressed' ? 'worse' : 'better'
  // Latency and throughput are one finding; the first of a step speaks for it.
  const found = rows.filter((row) => row.verdict === wanted)
  const [first] = found
  const [remark = ''] = remarks
  const what = first
    ? comparison.changed(first.step, first.metric.replace(/ \(.*/, ''), first.change)
    : remark
  return comparison[verdict](what)
}
