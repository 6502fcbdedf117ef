import type { ChartTerm, MemoryBarsChart } from '../../core/report/runReport'
import type { ChartOption, ChartTable } from './chartOption'
import { measuredColour, termColours, unexplainedColour, type ChartScheme } from './colours'

/** Theory's terms stacked, a mark where the measurement ends, and hatched what no term explains. */
export function precisionMemoryOption(
  chart: MemoryBarsChart,
  texts: { readonly measured: string },
  scheme: ChartScheme,
): ChartOption {
  const { rows, unitBytes, unexplainedLabel } = chart
  return {
    aria: { enabled: true, decal: { show: false } },
    legend: { top: 0, left: 0, type: 'plain' },
    grid: { left: 8, right: 20, top: 46, bottom: 24, containLabel: true },
    xAxis: {
      type: 'value',
      min: 0,
      name: chart.axis,
      nameLocation: 'middle',
      nameGap: 24,
    },
    yAxis: {
      type: 'category',
      inverse: true,
      data: rows.map(({ label }) => label),
      axisTick: { show: false },
    },
    tooltip: {
      trigger: 'axis',
      axisPointer: { type: 'shadow' },
      valueFormatter: (value) => (typeof value === 'number' ? value.toPrecision(3) : '—'),
    },
    series: [
      ...chartTerms(rows).map(({ name, label }) => ({
        type: 'bar' as const,
        stack: 'memory',
        name: label,
        barMaxWidth: 18,
        itemStyle: { color: termColours[name as keyof typeof termColours] },
        data: rows.map(({ terms }) => termBytes(terms, name) / unitBytes),
      })),
      {
        type: 'bar',
        stack: 'memory',
        name: unexplainedLabel,
        barMaxWidth: 18,
        itemStyle: {
          color: 'transparent',
          borderColor: unexplainedColour,
          borderWidth: 1,
          decal: {
            symbol: 'rect',
            color: unexplainedColour,
            dashArrayX: [1, 0],
            dashArrayY: [2, 4],
            rotation: Math.PI / 4,
          },
        },
        // Where less was measured than the theory says, the mark stands inside the bar.
        data: rows.map((row) => Math.max(0, unexplained(row) ?? 0) / unitBytes),
      },
      {
        type: 'scatter',
        name: texts.measured,
        symbol: 'rect',
        symbolSize: [3, 26],
        itemStyle: { color: measuredColour[scheme] },
        data: rows.map(({ measuredBytes }, index) =>
          measuredBytes === null ? [] : [measuredBytes / unitBytes, index],
        ),
      },
    ],
  }
}

type Row = MemoryBarsChart['rows'][number]

/** Every term that some row has, once, in the order of the stack. */
function chartTerms(rows: readonly Row[]): ChartTerm[] {
  const byName = new Map(rows.flatMap(({ terms }) => terms.map((term) => [term.name, term])))
  const order = Object.keys(termColours)
  return [...byName.values()].toSorted((a, b) => order.indexOf(a.name) - order.indexOf(b.name))
}

function termBytes(terms: readonly ChartTerm[], name: ChartTerm['name']): number {
  return terms.find((term) => term.name === name)?.bytes ?? 0
}

function unexplained({ terms, measuredBytes }: Row): number | null {
  if (measuredBytes === null) return null
  return measuredBytes - terms.reduce((sum, { bytes }) => sum + bytes, 0)
}

/** In bytes, whole. */
export function precisionMemoryTable(
  { rows, unexplainedLabel }: MemoryBarsChart,
  labels: { readonly step: string; readonly measured: string },
): ChartTable {
  const terms = chartTerms(rows)
  const inBytes = (label: string) => `${label} (B)`
  return {
    columns: [
      labels.step,
      ...[...terms.map(({ label }) => label), labels.measured, unexplainedLabel].map(inBytes),
    ],
    rows: rows.map((row) => [
      row.label,
      ...terms.map(({ name }) => termBytes(row.terms, name)),
      row.measuredBytes,
      unexplained(row),
    ]),
  }
}
