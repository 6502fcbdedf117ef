import type { CustomSeriesOption } from 'echarts/charts'
import { type MemoryTermName, memoryTermNames, totalBytes } from '../../core/estimate/memoryTerms'
import { byteScale } from '../../core/report/byteScale'
import { formatBytes, formatDuration } from '../../core/units'
import type { MemorySource, RunMemoryStep } from '../run/runMemory'
import { lanes, lanesSeries } from './runLanes'
import type { ChartOption, ChartTable } from './chartOption'
import { type ChartScheme, measuredColour, termColours } from './colours'

export interface RunMemoryLabels {
  readonly term: (name: MemoryTermName) => string
  readonly step: (step: RunMemoryStep['step']) => string
  readonly phase: (phase: string) => string
  readonly measured: string
  readonly theory: string
  /** What the vertical axis counts, without its unit. */
  readonly axis: string
  /** The same of the plot below, where the process has one. */
  readonly processAxis: string
  readonly time: string
  readonly stepColumn: string
  /** The highest that ONNX Runtime's own allocator counted. */
  readonly allocated: string
}

interface RunMemoryOptions {
  readonly steps: readonly RunMemoryStep[]
  readonly labels: RunMemoryLabels
  readonly scheme: ChartScheme
  /**
   * Where a process is what was sampled, Node.js and the code of ONNX Runtime are in it, many times
   * the tensors of a small network: it has a plot of its own, below that of theory and allocator.
   */
  readonly source: MemorySource
}

const left = 54
const right = 14
const plotTop = lanes.top + lanes.height + 10
const legendHeight = 46
const processHeight = 96

/** Measured memory as a line over the theory's stacked terms; above both, steps and their phases. */
export function runMemoryOption({ steps, labels, scheme, source }: RunMemoryOptions): ChartOption {
  const isApart = source === 'process'
  const theoryScale = byteScale(theoryBytes(steps, isApart ? [] : measuredPeaks(steps)))
  const measuredScale = isApart ? byteScale(measuredPeaks(steps)) : theoryScale
  const held = memoryTermNames.filter((name) =>
    steps.some(({ theory }) => theory.some(({ terms }) => terms[name] > 0)),
  )
  const max = Math.max(10, ...steps.map((step) => step.endSeconds))
  const grid = { left, right, outerBoundsMode: 'none' } as const
  const time = { type: 'value', min: 0, max, splitLine: { show: false } } as const
  const labelled = { axisLabel: { formatter: '{value} s', showMaxLabel: max % 5 === 0 } }
  const hidden = { axisLabel: { show: false }, axisTick: { show: false } }
  const ink = measuredColour[scheme]
  return {
    grid: [
      { ...grid, top: plotTop, bottom: legendHeight + 22 + (isApart ? processHeight + 14 : 0) },
      { ...grid, top: lanes.top, height: lanes.height },
      ...(isApart ? [{ ...grid, bottom: legendHeight + 22, height: processHeight }] : []),
    ],
    xAxis: [
      { ...time, ...(isApart ? hidden : labelled) },
      { ...time, gridIndex: 1, show: false },
      ...(isApart ? [{ ...time, ...labelled, gridIndex: 2 }] : []),
    ],
    yAxis: [
      { ...byteAxis(`${labels.axis} (${theoryScale.unit})`) },
      { type: 'value', min: 0, max: 2, gridIndex: 1, show: false, inverse: true },
      ...(isApart
        ? [
            {
              ...byteAxis(`${labels.processAxis} (${measuredScale.unit})`),
              gridIndex: 2,
              splitNumber: 2,
            },
          ]
        : []),
    ],
    legend: {
      bottom: 0,
      left: 'center',
      height: legendHeight - 6,
      data: [
        ...held.map((name) => ({ name: labels.term(name), icon: 'roundRect' })),
        labels.allocated,
        labels.measured,
      ],
    },
    axisPointer: { link: [{ xAxisIndex: 'all' }] },
    tooltip: { trigger: 'axis', formatter: tooltipOf(steps, labels) },
    // The wheel belongs to the page; with Ctrl it zooms, and a drag moves what was zoomed.
    dataZoom: [{ type: 'inside', xAxisIndex: 'all', zoomOnMouseWheel: 'ctrl', filterMode: 'none' }],
    series: [
      ...held.map((name) => theorySeries(steps, name, labels.term(name), theoryScale.bytes)),
      {
        ...line,
        name: labels.allocated,
        data: allocatedLevels(steps, theoryScale.bytes),
        z: 4,
        lineStyle: { width: 2, color: ink, type: isApart ? 'solid' : 'dashed' },
        itemStyle: { color: ink },
      },
      {
        ...line,
        name: labels.measured,
        data: measuredLine(steps, measuredScale.bytes),
        z: 5,
        ...(isApart && { xAxisIndex: 2, yAxisIndex: 2 }),
        lineStyle: { width: 1.5, color: isApart ? processInks[scheme] : ink },
        itemStyle: { color: isApart ? processInks[scheme] : ink },
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

const line = { type: 'line', symbol: 'none', connectNulls: false } as const

/** The process is not the device: its line is paler than what is compared with the theory. */
const processInks: Readonly<Record<ChartScheme, string>> = { light: '#6B7280', dark: '#9AA1AD' }

const byteAxis = (name: string) =>
  ({ type: 'value', name, nameLocation: 'middle', nameGap: 40, min: 0, splitNumber: 4 }) as const

/** Bytes that the plot of the theory must have room for. */
function theoryBytes(steps: readonly RunMemoryStep[], others: readonly number[]): number[] {
  return [
    ...others,
    ...steps.flatMap(({ step }) => [
      step.memory.theory?.peakBytes ?? 0,
      step.memory.measured?.allocatedPeakBytes ?? 0,
    ]),
  ]
}

function measuredPeaks(steps: readonly RunMemoryStep[]): number[] {
  return steps.map(({ measured }) => measured.reduce((most, [, bytes]) => Math.max(most, bytes), 0))
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

/** A level across each step, from where it is known: what the allocator counted at its highest. */
function allocatedLevels(steps: readonly RunMemoryStep[], unitBytes: number): (number | null)[][] {
  return steps.flatMap(({ step, theory, startSeconds, endSeconds }) => {
    const bytes = step.memory.measured?.allocatedPeakBytes ?? null
    if (bytes === null) return []
    const from = theory.at(-1)?.startSeconds ?? startSeconds
    return [
      [from, bytes / unitBytes],
      [endSeconds, bytes / unitBytes],
      [endSeconds, null],
    ]
  })
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
      `${labels.allocated}: ${formatBytes(shown.step.memory.measured?.allocatedPeakBytes ?? null)}`,
    ].join('\n')
  }
}
