import { BarChart, CustomChart, LineChart, ScatterChart } from 'echarts/charts'
import {
  AriaComponent,
  DataZoomComponent,
  GraphicComponent,
  GridComponent,
  LegendComponent,
  MarkAreaComponent,
  MarkLineComponent,
  MarkPointComponent,
  TitleComponent,
  TooltipComponent,
} from 'echarts/components'
import { connect, init, registerTheme, use, type EChartsType } from 'echarts/core'
import { CanvasRenderer, SVGRenderer } from 'echarts/renderers'
import type { ChartOption } from './chartOption'
import { chartTheme, surfaceColour } from './chartTheme'
import type { ChartScheme } from './colours'

// The only file that holds the library itself: `Chart` loads it when the first chart is shown.

use([
  LineChart,
  BarChart,
  ScatterChart,
  CustomChart,
  GridComponent,
  TooltipComponent,
  LegendComponent,
  TitleComponent,
  MarkLineComponent,
  MarkAreaComponent,
  MarkPointComponent,
  DataZoomComponent,
  GraphicComponent,
  AriaComponent,
  CanvasRenderer,
  SVGRenderer,
])
for (const scheme of ['light', 'dark'] as const)
  registerTheme(`headroom-${scheme}`, chartTheme(scheme))

export type ChartInstance = EChartsType

/** An empty chart in `element`. Charts of one `group` share their crosshair. */
export function createChart(
  element: HTMLElement,
  scheme: ChartScheme,
  group: string | undefined,
): ChartInstance {
  const chart = init(element, `headroom-${scheme}`, { renderer: 'canvas' })
  if (group !== undefined) {
    chart.group = group
    connect(group)
  }
  return chart
}

interface Picture {
  readonly option: ChartOption
  readonly title: string
  readonly scheme: ChartScheme
  readonly width: number
  readonly height: number
}

const titleHeight = 40

/** The chart with its title as SVG text; needs no document. */
export function renderSvg({ option, title, scheme, width, height }: Picture): string {
  const chart = init(null, `headroom-${scheme}`, {
    renderer: 'svg',
    ssr: true,
    width,
    height: height + titleHeight,
  })
  try {
    chart.setOption(titled(option, title, scheme))
    return chart.renderToSVGString()
  } finally {
    chart.dispose()
  }
}

/** The chart with its title as a PNG of twice the resolution. */
export async function renderPng({ option, title, scheme, width, height }: Picture): Promise<Blob> {
  const size = { width, height: height + titleHeight, devicePixelRatio: 2 }
  const chart = init(document.createElement('div'), `headroom-${scheme}`, size)
  try {
    chart.setOption(titled(option, title, scheme))
    const canvas = chart.renderToCanvas({ pixelRatio: 2 })
    return await new Promise<Blob>((resolve, reject) => {
      canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('the picture is empty'))))
    })
  } finally {
    chart.dispose()
  }
}

/** `option` as a picture that stands alone: with its title, moved down by its height. */
function titled(option: ChartOption, title: string, scheme: ChartScheme): ChartOption {
  const moveDown = <T extends { top?: unknown }>(part: T): T => ({
    ...part,
    top: typeof part.top === 'number' ? part.top + titleHeight : titleHeight,
  })
  const move = <T extends { top?: unknown }>(parts: T | T[] | undefined) =>
    parts && (Array.isArray(parts) ? parts.map(moveDown) : moveDown(parts))
  const grid = move(option.grid ?? {})
  const legend = move(option.legend)
  return {
    ...option,
    animation: false,
    backgroundColor: surfaceColour(scheme),
    title: { text: title },
    ...(grid && { grid }),
    ...(legend && { legend }),
  }
}
