import type { LineSeriesOption } from 'echarts/charts'
import type { TimelinePoint } from '../../core/estimate/estimate'
import {
  type MemoryTermName,
  memoryTermNames,
  type MemoryTerms,
  totalBytes,
} from '../../core/estimate/memoryTerms'
import { byteScale } from '../../core/report/byteScale'
import { formatBytes } from '../../core/units'
import type { ChartOption, ChartTable } from './chartOption'
import { surfaceColour } from './chartTheme'
import { type ChartScheme, limitColour, measuredColour, termColours } from './colours'

export interface StepMemoryLabels {
  readonly term: (name: MemoryTermName) => string
  readonly phase: (phase: TimelinePoint['phase']) => string
  /** What is being computed: `layers`, `output head`. */
  readonly moment: (label: string) => string
  readonly memory: string
  readonly total: string
  /** Name of the horizontal axis. */
  readonly course: string
  /** Beside the limit: `14.6 GiB usable on T4`. */
  readonly limit: string
  /** Beside the highest moment: `peak 31.3 GiB`. */
  readonly peak: string
  readonly momentColumn: string
  readonly phaseColumn: string
}

interface StepMemoryOptions {
  readonly timeline: readonly TimelinePoint[]
  /** Context, workspaces and the allocator's slack, which no moment has of its own. */
  readonly runtimeBytes: number
  /** What the GPU lets a process use; null where nobody knows. */
  readonly limitBytes: number | null
  readonly labels: StepMemoryLabels
  readonly scheme: ChartScheme
}

/** A limit this many times the peak would flatten the picture: it is then named, not drawn. */
const mostLimitOverPeak = 4

/** Stacked from what stays to what comes and goes, the runtime at the bottom. */
const stackOrder: readonly MemoryTermName[] = [
  'runtimeOverheadBytes',
  ...memoryTermNames.filter((name) => name !== 'runtimeOverheadBytes'),
]

/** Live memory over one step, stacked by term, its phases marked and the GPU's limit as a line. */
export function stepMemoryOption(options: StepMemoryOptions): ChartOption {
  const { timeline, runtimeBytes, limitBytes, labels, scheme } = options
  const moments = momentsOf(timeline, runtimeBytes)
  const peak = moments.reduce((top, each) => (each.bytes > top.bytes ? each : top), moments[0]!)
  const isLimitDrawn = limitBytes !== null && limitBytes <= mostLimitOverPeak * peak.bytes
  const highest = Math.max(peak.bytes, isLimitDrawn ? limitBytes : 0)
  const scale = byteScale([highest])
  const held = stackOrder.filter((name) => moments.some(({ terms }) => terms[name] > 0))
  const ink = measuredColour[scheme]
  const surface = surfaceColour(scheme)
  const end = moments.at(-1)!.x + 0.5
  return {
    grid: { left: 58, right: 14, top: 26, bottom: 68, outerBoundsMode: 'none' },
    xAxis: {
      type: 'value',
      min: -0.5,
      max: end,
      name: labels.course,
      nameLocation: 'middle',
      nameGap: 8,
      axisLabel: { show: false },
      axisTick: { show: false },
      axisLine: { onZero: false },
      splitLine: { show: false },
    },
    yAxis: {
      type: 'value',
      name: `${labels.memory} (${scale.unit})`,
      nameLocation: 'middle',
      nameGap: 42,
      min: 0,
      // Room above the highest line for its label.
      max: (1.12 * highest) / scale.bytes,
      axisLabel: { showMaxLabel: false, formatter: axisNumber },
      axisLine: { onZero: false },
      splitNumber: 4,
    },
    legend: {
      bottom: 0,
      left: 'center',
      data: held.map((name) => ({ name: labels.term(name), icon: 'roundRect' })),
    },
    tooltip: { trigger: 'axis', formatter: tooltipOf(moments, held, labels) },
    series: [
      ...held.map((name) => areaOf(name, moments, end, labels.term(name), scale.bytes)),
      {
        type: 'line',
        name: labels.peak,
        data: [[peak.x, peak.bytes / scale.bytes]],
        symbol: 'circle',
        symbolSize: 7,
        itemStyle: { color: ink },
        z: 6,
        silent: true,
        label: {
          show: true,
          position: peak.x < end / 2 ? 'right' : 'left',
          distance: 8,
          formatter: labels.peak,
          color: ink,
          fontSize: 11,
          fontWeight: 600,
          textBorderColor: surface,
          textBorderWidth: 3,
        },
        ...(isLimitDrawn && {
          markLine: {
            symbol: 'none',
            silent: true,
            // A rim, so that it stands out of whatever is stacked behind it.
            lineStyle: {
              color: limitColour,
              width: 2.5,
              type: 'solid',
              shadowColor: surface,
              shadowBlur: 3,
            },
            label: {
              position: 'insideStartTop',
              formatter: labels.limit,
              color: ink,
              fontSize: 11,
              textBorderColor: surface,
              textBorderWidth: 3,
            },
            data: [{ yAxis: limitBytes / scale.bytes }],
          },
        }),
        markArea: {
          silent: true,
          itemStyle: { color: 'transparent' },
          data: phaseSpans(moments, end).map(({ phase, from, to }, index) => [
            {
              xAxis: from,
              name: labels.phase(phase),
              itemStyle: { color: index % 2 === 0 ? 'transparent' : phaseShade[scheme] },
              label: { color: ink, fontSize: 11, position: 'top', distance: 4 },
            },
            { xAxis: to },
          ]),
        },
      },
    ],
  }
}

/** Every moment with its terms, in MiB. */
export function stepMemoryTable(
  timeline: readonly TimelinePoint[],
  runtimeBytes: number,
  labels: StepMemoryLabels,
): ChartTable {
  const moments = momentsOf(timeline, runtimeBytes)
  const held = stackOrder.filter((name) => moments.some(({ terms }) => terms[name] > 0))
  return {
    columns: [
      labels.phaseColumn,
      labels.momentColumn,
      ...held.map((name) => `${labels.term(name)} (MiB)`),
      `${labels.total} (MiB)`,
    ],
    rows: moments.map(({ phase, label, terms, bytes }) => [
      labels.phase(phase),
      labels.moment(label),
      ...held.map((name) => terms[name] / 2 ** 20),
      bytes / 2 ** 20,
    ]),
  }
}

interface Moment extends TimelinePoint {
  readonly x: number
  readonly bytes: number
}

/** Moments of the same kind are the first and the last of many layers: between them lies most of the step. */
const layersWidth = 3

function momentsOf(timeline: readonly TimelinePoint[], runtimeBytes: number): readonly Moment[] {
  const moments: Moment[] = []
  let x = 0
  for (const point of timeline) {
    const before = moments.at(-1)
    if (before) x += before.label === point.label && before.phase === point.phase ? layersWidth : 1
    const terms: MemoryTerms = { ...point.terms, runtimeOverheadBytes: runtimeBytes }
    moments.push({ ...point, terms, x, bytes: totalBytes(terms) })
  }
  return moments
}

const phaseShade: Readonly<Record<ChartScheme, string>> = {
  light: 'rgba(27, 31, 38, 0.045)',
  dark: 'rgba(242, 244, 248, 0.05)',
}

interface PhaseSpan {
  readonly phase: TimelinePoint['phase']
  readonly from: number
  readonly to: number
}

/** Where each phase begins and ends: halfway between its last moment and the next one's first. */
function phaseSpans(moments: readonly Moment[], end: number): readonly PhaseSpan[] {
  const spans: PhaseSpan[] = []
  moments.forEach(({ phase, x }, index) => {
    const before = moments[index - 1]
    const from = before ? (before.x + x) / 2 : -0.5
    const last = spans.at(-1)
    if (last?.phase === phase) return
    if (last) spans[spans.length - 1] = { ...last, to: from }
    spans.push({ phase, from, to: end })
  })
  return spans
}

function areaOf(
  name: MemoryTermName,
  moments: readonly Moment[],
  end: number,
  label: string,
  unitBytes: number,
): LineSeriesOption {
  const color = termColours[name]
  const first = moments[0]!
  const last = moments.at(-1)!
  return {
    type: 'line',
    name: label,
    stack: 'memory',
    symbol: 'none',
    z: 2,
    lineStyle: { width: 0 },
    itemStyle: { color },
    areaStyle: { color, opacity: 0.88 },
    emphasis: { disabled: true },
    data: [
      [-0.5, first.terms[name] / unitBytes],
      ...moments.map(({ x, terms }) => [x, terms[name] / unitBytes]),
      [end, last.terms[name] / unitBytes],
    ],
  }
}

function tooltipOf(
  moments: readonly Moment[],
  held: readonly MemoryTermName[],
  labels: StepMemoryLabels,
) {
  return (params: unknown): string => {
    const [first] = [params].flat() as { axisValue?: number | string }[]
    const at = Number(first?.axisValue)
    if (!Number.isFinite(at)) return ''
    const nearest = moments.reduce((best, each) =>
      Math.abs(each.x - at) < Math.abs(best.x - at) ? each : best,
    )
    return [
      `${labels.phase(nearest.phase)} · ${labels.moment(nearest.label)}`,
      ...held
        .toReversed()
        .filter((name) => nearest.terms[name] > 0)
        .map((name) => `${labels.term(name)}: ${formatBytes(nearest.terms[name])}`),
      `${labels.total}: ${formatBytes(nearest.bytes)}`,
    ].join('\n')
  }
}

function axisNumber(value: number): string {
  return String(Number(value.toPrecision(3)))
}
