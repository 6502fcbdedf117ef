import type { CustomSeriesOption, LineSeriesOption } from 'echarts/charts'
import { type MemoryTermName, memoryTermNames, totalBytes } from '../../core/estimate/memoryTerms'
import { byteScale } from '../../core/report/byteScale'
import { formatBytes, formatDuration } from '../../core/units'
import type { RunMemoryStep } from '../run/runMemory'
import { lanes, lanesSeries } from './runLanes'
import type { ChartOption, ChartTable } from './chartOption'
import { type ChartScheme, limitColour, measuredColour, termColours } from './colours'

export interface RunMemoryLabels {
  readonly term: (name: MemoryTermName) => string
  readonly step: (step: RunMemoryStep['step']) => string
  readonly phase: (phase: string) => string
  readonly measured: string
  readonly theory: string
  /** What the vertical axis counts, without its unit. */
  readonly axis: string
  readonly time: string
  readonly stepColumn: string
  /** The highest that ONNX Runtime's own allocator counted. */
  readonly allocated: string
}

interface RunMemoryOptions {
  readonly steps: readonly RunMemoryStep[]
  readonly labels: RunMemoryLabels
  readonly scheme: ChartScheme
  /** `all`: up to what the process or device holds; `theory`: only as high as theory and allocator. */
  readonly range: 'all' | 'theory'
}

const plotTop = lanes.top + lanes.height + 10

/** Measured memory as a line over the theory's stacked terms; above both, steps and their phases. */
export function runMemoryOption({ steps, labels, scheme, range }: RunMemoryOptions): ChartOption {
  const scale = byteScale(shownBytes(steps, range))
  const held = memoryTermNames.filter((name) =>
    steps.some(({ theory }) => theory.some(({ terms }) => terms[name] > 0)),
  )
  const endSeconds = Math.max(10, ...steps.map((step) => step.endSeconds))
  const highest = Math.max(...shownBytes(steps, range), 1) / scale.bytes
  return {
    grid: [
      { left: 54, right: 14, top: plotTop, bottom: 58 },
      { left: 54, right: 14, top: lanes.top, height: lanes.height },
    ],
    xAxis: [
      { type: 'value', min: 0, max: endSeconds, name: labels.time, ...timeAxis },
      { type: 'value', min: 0, max: endSeconds, gridIndex: 1, show: false },
    ],
    yAxis: [
      {
        type: 'value',
        name: `${labels.axis} (${scale.unit})`,
        nameLocation: 'middle',
        nameGap: 40,
        min: 0,
        ...(range === 'theory' && { max: niceCeiling(highest * 1.15) }),
      },
      { type: 'value', min: 0, max: 2, gridIndex: 1, show: false, inverse: true },
    ],
    legend: {
      bottom: 0,
      data: [
        ...held.map((name) => ({ name: labels.term(name), icon: 'roundRect' })),
        labels.measured,
        ...(steps.some(hasAllocated) ? [labels.allocated] : []),
      ],
    },
    tooltip: { trigger: 'axis', formatter: tooltipOf(steps, labels) },
    // The wheel belongs to the page; with Ctrl it zooms, and a drag moves what was zoomed.
    dataZoom: [
      { type: 'inside', xAxisIndex: [0, 1], zoomOnMouseWheel: 'ctrl', filterMode: 'none' },
    ],
    series: [
      ...held.map((name) => theorySeries(steps, name, labels.term(name), scale.bytes)),
      allocatedSeries(steps, labels.allocated, scale.bytes),
      {
        type: 'line',
        name: labels.measured,
        data: measuredLine(steps, scale.bytes),
        symbol: 'none',
        sampling: 'lttb',
        z: 5,
        lineStyle: { width: 1.75, color: measuredColour[scheme] },
        itemStyle: { color: measuredColour[scheme] },
        connectNulls: false,
      },
      lanesSeries(steps, labels, scheme),
    ],
  }
}

/** Every measured moment with the theory's total beside it. */
export function runMemoryTable(
  steps: readonly RunMemoryStep[],
  labels: RunMemoryLabels,
): ChartTable {
  return {
    columns: [labels.time, labels.stepColumn, `${labels.measured} (MiB)`, `${labels.theory} (MiB)`],
    rows: steps.flatMap((step) =>
      step.measured.map(([seconds, bytes]) => [
        seconds,
        labels.step(step.step),
        bytes / 2 ** 20,
        (theoryAt(step, seconds) ?? 0) / 2 ** 20,
      ]),
    ),
  }
}

const timeAxis = {
  nameLocation: 'middle',
  nameGap: 22,
  splitLine: { show: false },
} as const

const hasAllocated = ({ step }: RunMemoryStep): boolean =>
  (step.memory.measured?.allocatedPeakBytes ?? null) !== null

function shownBytes(steps: readonly RunMemoryStep[], range: RunMemoryOptions['range']): number[] {
  return steps.flatMap(({ step, measured }) => [
    step.memory.theory.peakBytes,
    step.memory.measured?.allocatedPeakBytes ?? 0,
    ...(range === 'all' ? [measured.reduce((most, [, bytes]) => Math.max(most, bytes), 0)] : []),
  ])
}

/** 1, 2 or 5 times a power of ten, or halves of those: what an axis can end at. */
function niceCeiling(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value))
  return power * ([1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10].find((step) => step * power >= value) ?? 10)
}

function measuredLine(steps: readonly RunMemoryStep[], unitBytes: number): (number | null)[][] {
  return steps.flatMap(({ measured, endSeconds }) => [
    ...measured.map(([seconds, bytes]) => [seconds, bytes / unitBytes]),
    [endSeconds, null], // each step is a process of its own: the line ends with it
  ])
}

/** One rectangle per span, from the terms below it to its own top. */
function theorySeries(
  steps: readonly RunMemoryStep[],
  name: MemoryTermName,
  label: string,
  unitBytes: number,
): CustomSeriesOption {
  const below = memoryTermNames.slice(0, memoryTermNames.indexOf(name))
  const data = steps.flatMap(({ theory }) =>
    theory
      .filter(({ terms }) => terms[name] > 0)
      .map(({ startSeconds, endSeconds, terms }) => {
        const from = below.reduce((sum, other) => sum + terms[other], 0)
        return [startSeconds, endSeconds, from / unitBytes, (from + terms[name]) / unitBytes]
      }),
  )
  return {
    type: 'custom',
    name: label,
    data,
    encode: { x: [0, 1], y: [2, 3] },
    itemStyle: { color: termColours[name], opacity: 0.85 },
    clip: true,
    z: 2,
    tooltip: { show: false },
    renderItem: (_params, api) => {
      const [left, top] = api.coord([api.value(0), api.value(3)]) as [number, number]
      const [right, bottom] = api.coord([api.value(1), api.value(2)]) as [number, number]
      return {
        type: 'rect',
        shape: { x: left, y: top, width: right - left, height: Math.max(1, bottom - top) },
        style: { fill: termColours[name], opacity: 0.85 },
      }
    },
  }
}

/** A level across each step: what the allocator counted at its highest. */
function allocatedSeries(
  steps: readonly RunMemoryStep[],
  name: string,
  unitBytes: number,
): LineSeriesOption {
  const data = steps.flatMap((step): (number | null)[][] => {
    if (!hasAllocated(step)) return []
    const bytes = step.step.memory.measured!.allocatedPeakBytes! / unitBytes
    return [
      [step.startSeconds, bytes],
      [step.endSeconds, bytes],
      [step.endSeconds, null],
    ]
  })
  return {
    type: 'line',
    name,
    data,
    symbol: 'none',
    z: 4,
    lineStyle: { width: 1.5, type: 'dashed', color: limitColour },
    itemStyle: { color: limitColour },
  }
}

function theoryAt({ theory }: RunMemoryStep, seconds: number): number | null {
  const span = theory.findLast(({ startSeconds }) => startSeconds <= seconds)
  return span ? totalBytes(span.terms) : null
}

function tooltipOf(steps: readonly RunMemoryStep[], labels: RunMemoryLabels) {
  return (params: unknown): string => {
    const [first] = [params].flat() as { axisValue?: number | string }[]
    const seconds = Number(first?.axisValue)
    const shown = steps.findLast(({ startSeconds }) => startSeconds <= seconds)
    if (!Number.isFinite(seconds) || !shown) return ''
    const phase = shown.phases.findLast(({ startSeconds }) => startSeconds <= seconds)
    const measured = shown.measured.findLast(([x]) => x <= seconds)
    return [
      `${labels.step(shown.step)}${phase ? ` · ${labels.phase(phase.phase)}` : ''}`,
      `${labels.time}: ${formatDuration(seconds * 1000)}`,
      `${labels.measured}: ${formatBytes(measured?.[1] ?? null)}`,
      `${labels.theory}: ${formatBytes(theoryAt(shown, seconds))}`,
    ].join('\n')
  }
}
