import { shownSeconds, type SeriesPoint } from '../monitor/monitorSeries'
import type { ChartOption, ChartTable } from './chartOption'
import { niceCeiling } from './niceCeiling'
import { limitColour, measuredColour, type ChartScheme } from './colours'

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
  readonly unit: string
  /** Where the axis ends at least; otherwise with the highest value. */
  readonly max?: number | null
  readonly scheme: ChartScheme
}

const left = 46
const right = 12
const second: Readonly<Record<ChartScheme, string>> = { light: '#6B7280', dark: '#9AA1AD' }
/** A single throttled moment must still be seen. */
const leastSpanSeconds = 0.4

/** Lines of the last two minutes, broken where nobody answered, with the newest at the right. */
export function timeLinesOption(options: TimeLinesOptions): ChartOption {
  const { lines, areas = [], limit = null, marked, unit, max = null, scheme } = options
  const top = axisEnd(lines, Math.max(max ?? 0, limit?.value ?? 0))
  const names = [...areas, ...lines].map(({ name }) => name)
  return {
    grid: { left, right, top: 10, bottom: names.length > 1 ? 44 : 22, outerBoundsMode: 'none' },
    xAxis: {
      type: 'value',
      min: -shownSeconds,
      max: 0,
      interval: 30,
      splitLine: { show: false },
      axisLabel: { formatter: (seconds: number) => (seconds === 0 ? '0 s' : `−${-seconds} s`) },
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
