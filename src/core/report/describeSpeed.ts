import type { PrecisionComparison, PrecisionRow } from '../compare/comparePrecisions'
import type { StepMode } from '../plan/workload'
import {
  formatFigure,
  formatInterval,
  formatPercent,
  formatPoints,
  optionalFigure,
} from './figures'
import type { LatencyChart, ReportChart, ReportSection, SpeedAccuracyChart } from './runReport'
import { selectEvenly } from './selectEvenly'
import { precisionLabel, stepLabel } from './stepLabel'
import type { Words } from './words/en'

/** More dots than this on one line are one blot. */
const maxDrawnSamples = 200

/** Speed and accuracy of every step that completed, by mode; null where none did. */
export function describeSpeed({ rows }: PrecisionComparison, words: Words): ReportSection | null {
  const completed = rows.filter(({ step }) => step.outcome === 'completed')
  if (completed.length === 0) return null
  const { columns } = words
  const figures = [
    columns.latency,
    columns.interval,
    columns.p90,
    columns.samples,
    columns.throughput,
    columns.speed,
    columns.accuracy,
    columns.loss,
    columns.agreement,
    columns.sqnr,
  ]
  return {
    id: 'speed',
    heading: words.sections.speed,
    charts: (['infer', 'train'] as const).flatMap((mode) => speedCharts(completed, mode, words)),
    tables: [
      {
        columns: [
          ...[columns.step, columns.computes].map((label) => ({ label, isFigure: false })),
          ...figures.map((label) => ({ label, isFigure: true })),
        ],
        rows: completed.map((row) => tableRow(row, words)),
      },
    ],
    paragraphs: [],
  }
}

function tableRow({ step, speed, top1, accuracyLossPoints }: PrecisionRow, words: Words): string[] {
  const { latencyMs, accuracy } = step
  return [
    stepLabel(step, words),
    step.computePrecision,
    optionalFigure(latencyMs?.median),
    latencyMs ? formatInterval(latencyMs) : '—',
    optionalFigure(latencyMs?.p90),
    optionalFigure(latencyMs?.sampleCount, String),
    optionalFigure(step.throughputPerSecond),
    speed ? `${formatFigure(speed.ratio)} (${formatInterval(speed)})` : '—',
    optionalFigure(top1, formatPercent),
    optionalFigure(accuracyLossPoints, formatPoints),
    optionalFigure(accuracy?.agreementWithFp32, formatPercent),
    optionalFigure(accuracy?.sqnrDb, (value) => value.toFixed(1)),
  ]
}

function speedCharts(rows: readonly PrecisionRow[], mode: StepMode, words: Words): ReportChart[] {
  const ofMode = rows.filter(({ step }) => step.mode === mode)
  return [latencyChart(ofMode, mode, words), speedAccuracyChart(ofMode, mode, words)].filter(
    (chart) => chart !== null,
  )
}

function latencyChart(
  rows: readonly PrecisionRow[],
  mode: StepMode,
  words: Words,
): LatencyChart | null {
  const measured = rows.flatMap(({ step }) => {
    const { latencyMs, latencySamplesMs, precision } = step
    if (!latencyMs) return []
    const { median, ciLow, ciHigh } = latencyMs
    const samples = selectEvenly(latencySamplesMs, maxDrawnSamples)
    return [{ label: precisionLabel(step), precision, median, ciLow, ciHigh, samples }]
  })
  if (measured.length === 0) return null
  const title = words.charts.latency(words.mode[mode])
  return { type: 'latency', title, axis: words.charts.latencyAxis, rows: measured }
}

function speedAccuracyChart(
  rows: readonly PrecisionRow[],
  mode: StepMode,
  words: Words,
): SpeedAccuracyChart | null {
  const points = rows.flatMap(({ step, top1 }) => {
    if (step.throughputPerSecond === null || top1 === null) return []
    return {
      label: precisionLabel(step),
      precision: step.precision,
      samplesPerSecond: step.throughputPerSecond,
      accuracyPercent: 100 * top1,
      memoryBytes: step.memory.measured?.allocatedPeakBytes ?? null,
    }
  })
  if (points.length < 2) return null
  return {
    type: 'speedAccuracy',
    title: words.charts.speedAccuracy(words.mode[mode]),
    xAxis: words.charts.speedAxis,
    yAxis: words.charts.accuracyAxis,
    points,
  }
}
