import { shownSeconds, type SeriesPoint } from '../monitor/monitorSeries'
import type { ChartOption, ChartTable } from './chartOption'
import { niceCeiling } from './niceCeiling'
import { expectedColour, limitColour, measuredColour, type ChartScheme } from './colours'

/** One figure over the last minutes. */
export interface TimeLine {
  readonly name: string
  readonly points: readonly SeriesPoint[]
  /** A second line of the same plot is drawn dashed and paler. */
  readonly isSecond?: boolean
}

/** An area that stands on those before it. */
export interface TimeArea {
  readonly name: string
  readonly points: readonly SeriesPoint[]
  readonly colour: string
}

export interface TimeLinesOptions {
  readonly lines: readonly TimeLine[]
  readonly areas?: readonly TimeArea[]
  /** What must not or cannot be passed, with its name. */
  readonly limit?: { readonly name: string; readonly value: number } | null
  /** Stretches that are marked, in seconds before now, with what they mean. */
  readonly marked?: {
    readonly name: string
    readonly spans: readonly (readonly [from: number, to: number])[]
  }
  /** What was expected of the first line or area: drawn dashed. */
  readonly expected?: { readonly name: string; readonly value: number } | null
  /** Seconds from and to; without it the last two minutes, up to now. */
  readonly span?: TimeSpan
  readonly unit: string
  /** Where the axis ends at least; otherwise with the highest value. */
  readonly max?: number | null
  readonly scheme: ChartScheme
}

/** A stretch of time that a chart shows, and how its moments are written. */
export interface TimeSpan {
  readonly fromSeconds: number
  readonly toSeconds: number
  readonly format: (seconds: number) => string
}

const lastMinutes: TimeSpan & { readonly interval: number } = {
  fromSeconds: -shownSeconds,
  toSeconds: 0,
  interval: 30,
  format: (seconds) => (seconds === 0 ? '0 s' : `−${-seconds} s`),
}

const left = 46
const right = 12
const second: Readonly<Record<ChartScheme, string>> = { light: '#6B7280', dark: '#9AA1AD' }
/** A single throttled moment must still be seen. */
const leastSpanSeconds = 0.4

/** Lines of a stretch of time, broken where nobody answered, with the newest at the right. */
export function timeLinesOption(options: TimeLinesOptions): ChartOption {
  const { lines, areas = [], limit = null, marked, unit, max = null, scheme } = options
  const { expected = null, span = lastMinutes } = options
  const top = axisEnd(lines, Math.max(max ?? 0, limit?.value ?? 0, expected?.value ?? 0))
  const names = [...areas, ...lines].map(({ name }) => name)
  return {
    grid: { left, right, top: 10, bottom: names.length > 1 ? 44 : 22, outerBoundsMode: 'none' },
    xAxis: {
      type: 'value',
      min: span.fromSeconds,
      max: span.toSeconds,
      ...(span === lastMinutes ? { interval: lastMinutes.interval } : {}),
      splitLine: { show: false },
      axisLabel: { formatter: span.format, hideOverlap: true },
    },
    yAxis: {
      type: 'value',
      min: 0,
      max: top,
      interval: top / 2,
    },
    legend: { show: names.length > 1, bottom: 0, left: 'center', data: names },
    axisPointer: { link: [{ xAxisIndex: 'all' }] },
    tooltip: {
      trigger: 'axis',
      valueFormatter: (value) => (typeof value === 'number' ? `${round(value)} ${unit}` : '—'),
    },
    series: [
      ...areas.map(({ name, points, colour }) => ({
        ...line,
        name,
        data: points.map(([x, y]) => [x, y]),
        stack: 'held',
        lineStyle: { width: 0 },
        areaStyle: { color: colour, opacity: 0.85 },
        itemStyle: { color: colour },
      })),
      ...lines.map(({ name, points, isSecond = false }) => ({
        ...line,
        name,
        data: points.map(([x, y]) => [x, y]),
        lineStyle: {
          width: 1.5,
          color: isSecond ? second[scheme] : measuredColour[scheme],
          type: isSecond ? ('dashed' as const) : ('solid' as const),
        },
        itemStyle: { color: isSecond ? second[scheme] : measuredColour[scheme] },
      })),
      ...(expected === null ? [] : [expectedSeries(expected, scheme)]),
      {
        ...line,
        name: limit?.name ?? 'limit',
        data: [],
        markLine: {
          silent: true,
          symbol: 'none',
          data: limit === null ? [] : [{ yAxis: limit.value }],
          lineStyle: { color: limitColour, type: 'solid' as const, width: 1 },
          label: {
            show: limit !== null,
            position: 'insideStartBottom' as const,
            formatter: limit?.name ?? '',
            color: limitColour,
            fontSize: 11,
          },
        },
        markArea: {
          silent: true,
          itemStyle: { color: limitColour, opacity: 0.22 },
          label: { show: false },
          data: (marked?.spans ?? []).map(([from, to]) => [
            { name: marked?.name ?? '', xAxis: from },
            { xAxis: Math.max(to, from + leastSpanSeconds) },
          ]),
        },
      },
    ],
  }
}

function expectedSeries(
  { name, value }: { readonly name: string; readonly value: number },
  scheme: ChartScheme,
) {
  return {
    ...line,
    name,
    data: [],
    markLine: {
      silent: true,
      symbol: 'none',
      data: [{ yAxis: value }],
      lineStyle: { color: expectedColour[scheme], type: 'dashed' as const, width: 1.5 },
      label: {
        show: true,
        position: 'insideEndTop' as const,
        formatter: name,
        color: expectedColour[scheme],
        fontSize: 11,
      },
    },
  }
}

/** Every moment of the first line or area, with the values of all. */
export function timeLinesTable(
  { lines, areas = [], unit }: TimeLinesOptions,
  time: string,
): ChartTable {
  const series = [...areas, ...lines]
  const values = series.map(({ points }) => new Map(points))
  return {
    columns: [time, ...series.map(({ name }) => `${name} (${unit})`)],
    rows: (series[0]?.points ?? []).map(([seconds]) => [
      seconds,
      ...values.map((byTime) => byTime.get(seconds) ?? null),
    ]),
  }
}

const line = { type: 'line', symbol: 'none', connectNulls: false, sampling: 'lttb' } as const

/** A round number above everything that is drawn, so that the axis rarely moves. */
function axisEnd(lines: readonly TimeLine[], least: number): number {
  const values = lines.flatMap(({ points }) => points.map(([, value]) => value ?? 0))
  return niceCeiling(values.reduce((most, value) => Math.max(most, value), least))
}

function round(value: number): string {
  return String(Number(value.toPrecision(4)))
}
