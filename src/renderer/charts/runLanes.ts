import type { CustomSeriesOption } from 'echarts/charts'
import type { RunMemoryStep } from '../run/runMemory'
import type { ChartScheme } from './colours'
import type { RunMemoryLabels } from './runMemoryOption'

const rowHeight = 20
const gap = 2

/** Where the rows lie in the chart, in pixels. */
export const lanes = { top: 6, height: 2 * rowHeight } as const

/** Two rows of labelled spans above the plot: steps, and the phases within each. */
export function lanesSeries(
  steps: readonly RunMemoryStep[],
  labels: Pick<RunMemoryLabels, 'step' | 'phase'>,
  scheme: ChartScheme,
): CustomSeriesOption {
  const spans = steps.flatMap(({ step, startSeconds, endSeconds, phases }) => [
    { row: 0, label: labels.step(step), startSeconds, endSeconds, shade: 0 },
    ...phases.map((span, i) => ({
      ...span,
      row: 1,
      label: labels.phase(span.phase),
      shade: i % 2,
    })),
  ])
  const ink = laneInks[scheme]
  return {
    type: 'custom',
    xAxisIndex: 1,
    yAxisIndex: 1,
    silent: true,
    tooltip: { show: false },
    data: spans.map(({ startSeconds, endSeconds, row }) => [startSeconds, endSeconds, row]),
    encode: { x: [0, 1], y: 2 },
    clip: true,
    renderItem: (params, api) => {
      const span = spans[params.dataIndex]
      if (!span) return null
      const [left, top] = api.coord([api.value(0), span.row]) as [number, number]
      const [right] = api.coord([api.value(1), span.row]) as [number, number]
      const width = Math.max(1, right - left - 1)
      return {
        type: 'rect',
        shape: { x: left, y: top, width, height: rowHeight - gap, r: 2 },
        style: { fill: span.row === 0 ? ink.step : ink.phases[span.shade]! },
        textConfig: { position: 'insideLeft', distance: 5 },
        textContent: {
          type: 'text',
          style: {
            // A name that has no room for a few letters is only in the tooltip.
            text: width < 34 ? '' : span.label,
            fill: span.row === 0 ? ink.stepText : ink.text,
            fontSize: 11,
            fontWeight: span.row === 0 ? 600 : 400,
            width: width - 8,
            overflow: 'truncate',
            ellipsis: '…',
          },
        },
      }
    },
  }
}

const laneInks = {
  light: { step: '#D9DEE9', stepText: '#1B1F26', phases: ['#E9ECF2', '#F2F4F8'], text: '#4A515E' },
  dark: { step: '#333A47', stepText: '#DFE2E9', phases: ['#262B34', '#1F232B'], text: '#A9B0BD' },
} as const
