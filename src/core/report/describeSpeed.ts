import type { PrecisionComparison, PrecisionRow } from '../compare/comparePrecisions'
import type { StepMode } from '../plan/workload'
import type { Step } from '../run/record'
import { formatBytes, formatSignificant } from '../units'
import {
  formatFigure,
  formatInterval,
  formatPercent,
  formatPoints,
  formatSignedPercent,
  optionalFigure,
} from './figures'
import { knownColumns } from './knownColumns'
import type {
  LatencyChart,
  LatencyRow,
  ReportChart,
  ReportSection,
  ReportTable,
  SpeedAccuracyChart,
} from './runReport'
import { selectEvenly } from './selectEvenly'
import { precisionLabel, stepLabel } from './stepLabel'
import { trainingVariants } from './trainingVariants'
import type { Words } from './words/en'

/** More dots than this on one line are one blot. */
const maxDrawnSamples = 200

/** Speed and accuracy of every step that completed, by mode; null where none did. */
export function describeSpeed({ rows }: PrecisionComparison, words: Words): ReportSection | null {
  // Of all steps: one that failed keeps its colour for itself, as it does where losses are drawn.
  const variantOf = trainingVariants(rows.map(({ step }) => step))
  const completed = rows
    .filter(({ step }) => step.outcome === 'completed')
    .map((row): DrawnRow => ({ ...row, variant: variantOf(row.step) }))
  if (completed.length === 0) return null
  return {
    id: 'speed',
    heading: words.sections.speed,
    charts: (['infer', 'train'] as const).flatMap((mode) => speedCharts(completed, mode, words)),
    tables: [speedTable, unrolledTable, accuracyTable]
      .map((table) => knownColumns(table(completed, words)))
      .filter(({ rows: lines }) => lines.length > 0),
    paragraphs: [
      ...describeUnrolled(completed, words),
      ...completed.flatMap(({ step }) => describeFullDepth(step, words)),
    ],
  }
}

interface DrawnRow extends PrecisionRow {
  readonly variant: number
}

/** What a training step takes where its state stays on the device; without rows where nobody measured it. */
function unrolledTable(rows: readonly PrecisionRow[], words: Words): ReportTable {
  const { columns } = words
  const isText = rows.some(({ step }) => step.sequenceLength !== null)
  const isKnown = rows.some(({ step }) => step.unrolledStep !== null)
  const figures = [
    columns.stateKept,
    columns.interval,
    isText ? columns.tokens : columns.throughput,
    columns.ofPeak,
    columns.stateInAndOut,
  ]
  return {
    columns: [
      { label: columns.step, isFigure: false },
      ...figures.map((label) => ({ label, isFigure: true })),
    ],
    rows: (isKnown ? rows : []).flatMap(({ step }) => {
      const { unrolled, unrolledStep, latencyMs } = step
      if (unrolled === null) return []
      const rate = isText ? unrolledStep?.tokensPerSecond : unrolledStep?.throughputPerSecond
      return [
        [
          stepLabel(step, words),
          optionalFigure(unrolledStep?.latencyMs),
          unrolledStep
            ? formatInterval({ ciLow: unrolledStep.lowMs, ciHigh: unrolledStep.highMs })
            : '—',
          optionalFigure(rate),
          optionalFigure(unrolledStep?.fractionOfPeak, (share) => formatFigure(100 * share)),
          optionalFigure(latencyMs?.median),
        ],
      ]
    }),
  }
}

/** How the table is to be read, and where a figure is missing in it. */
function describeUnrolled(rows: readonly PrecisionRow[], words: Words): string[] {
  const measured = rows.flatMap(({ step }) => (step.unrolled === null ? [] : step))
  const lost = measured.filter(({ unrolledStep }) => unrolledStep === null)
  const isKnown = lost.length < measured.length
  return [
    ...(isKnown ? [words.unrolled] : []),
    ...lost.map((step) => words.unrolledUnknown(stepLabel(step, words))),
  ]
}

/** What a whole model would take, of which a part was run; nothing where all of it was. */
function describeFullDepth(step: Step, words: Words): string[] {
  const { fullDepth, depth } = step
  if (fullDepth === null || depth === null) return []
  const { lowMs, highMs, allocatedPeakBytes } = fullDepth
  return [
    words.fullDepth({
      subject: stepLabel(step, words),
      all: fullDepth.layerCount,
      ran: `${depth.shallowLayerCount}, ${depth.layerCount}`,
      latency: formatFigure(fullDepth.latencyMs),
      interval: formatInterval({ ciLow: lowMs, ciHigh: highMs }),
      tokens: formatFigure(fullDepth.tokensPerSecond),
      memory: allocatedPeakBytes === null ? null : formatBytes(allocatedPeakBytes),
    }),
  ]
}

function speedTable(rows: readonly PrecisionRow[], words: Words): ReportTable {
  const { columns } = words
  const isText = rows.some(({ step }) => step.sequenceLength !== null)
  const isCounted = rows.some(({ step }) => step.fractionOfPeak !== null)
  const figures = [
    columns.latency,
    columns.interval,
    columns.p90,
    columns.samples,
    isText ? columns.tokens : columns.throughput,
    ...(isCounted ? [columns.flops, columns.ofPeak] : []),
    columns.speed,
  ]
  return {
    columns: [
      ...[columns.step, columns.computes].map((label) => ({ label, isFigure: false })),
      ...figures.map((label) => ({ label, isFigure: true })),
    ],
    rows: rows.map(({ step, speed }) => [
      stepLabel(step, words),
      step.computePrecision,
      optionalFigure(step.latencyMs?.median),
      step.latencyMs ? formatInterval(step.latencyMs) : '—',
      optionalFigure(step.latencyMs?.p90),
      optionalFigure(step.latencyMs?.sampleCount, String),
      optionalFigure(isText ? step.tokensPerSecond : step.throughputPerSecond),
      ...(isCounted
        ? [
            optionalFigure(step.flopsPerSecond, (flops) => formatFigure(flops / 1e9)),
            optionalFigure(step.fractionOfPeak, (share) => formatFigure(100 * share)),
          ]
        : []),
      speed ? `${formatFigure(speed.ratio)} (${formatInterval(speed)})` : '—',
    ]),
  }
}

function accuracyTable(rows: readonly PrecisionRow[], words: Words): ReportTable {
  const { columns } = words
  const isText = rows.some(({ validationLoss }) => validationLoss !== null)
  const figures = [
    ...(isText
      ? [columns.validationLoss, columns.perplexity, columns.lossExcess]
      : [columns.accuracy, columns.loss]),
    columns.agreement,
    columns.sqnr,
  ]
  return {
    columns: [
      { label: columns.step, isFigure: false },
      ...figures.map((label) => ({ label, isFigure: true })),
    ],
    rows: rows.map(({ step, top1, accuracyLossPoints, validationLoss, validationLossExcess }) => [
      stepLabel(step, words),
      ...(isText
        ? [
            optionalFigure(validationLoss),
            optionalFigure(step.accuracy?.perplexity),
            optionalFigure(validationLossExcess, formatSignedPercent),
          ]
        : [optionalFigure(top1, formatPercent), optionalFigure(accuracyLossPoints, formatPoints)]),
      optionalFigure(step.accuracy?.agreementWithFp32, formatPercent),
      optionalFigure(step.accuracy?.sqnrDb, (value) => value.toFixed(1)),
    ]),
  }
}

function speedCharts(rows: readonly DrawnRow[], mode: StepMode, words: Words): ReportChart[] {
  const ofMode = rows.filter(({ step }) => step.mode === mode)
  return [latencyChart(ofMode, mode, words), speedAccuracyChart(ofMode, mode, words)].filter(
    (chart) => chart !== null,
  )
}

function latencyChart(
  rows: readonly DrawnRow[],
  mode: StepMode,
  words: Words,
): LatencyChart | null {
  const measured = rows.flatMap(({ step, variant }) => {
    const { latencyMs, latencySamplesMs, precision } = step
    if (!latencyMs) return []
    const { median, ciLow, ciHigh } = latencyMs
    const samples = selectEvenly(latencySamplesMs, maxDrawnSamples)
    return [{ label: precisionLabel(step), precision, variant, median, ciLow, ciHigh, samples }]
  })
  if (measured.length === 0) return null
  const title = words.charts.latency(words.mode[mode])
  const endMs = axisEnd(measured)
  const samples = rows.flatMap(({ step }) => step.latencySamplesMs)
  const beyond = samples.filter((sample) => sample > endMs).length / samples.length
  const { charts } = words
  const axis =
    beyond === 0 ? charts.latencyAxis : charts.latencyAxisCut(formatSignificant(100 * beyond))
  return { type: 'latency', title, axis, endMs, rows: measured }
}

/** Samples beyond this many times the largest interval would press everything else together. */
const drawnTimesInterval = 2.5

/** Where the axis ends: at the last sample, or where only a tail follows. */
function axisEnd(rows: readonly LatencyRow[]): number {
  const largestInterval = Math.max(...rows.map(({ ciHigh }) => ciHigh))
  const largestSample = rows
    .flatMap(({ samples }) => samples)
    .reduce((a, b) => Math.max(a, b), largestInterval)
  return Math.min(largestSample, drawnTimesInterval * largestInterval)
}

function speedAccuracyChart(
  rows: readonly DrawnRow[],
  mode: StepMode,
  words: Words,
): SpeedAccuracyChart | null {
  const points = rows.flatMap(({ step, top1, variant }) => {
    if (step.throughputPerSecond === null || top1 === null) return []
    return {
      label: precisionLabel(step),
      precision: step.precision,
      variant,
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
