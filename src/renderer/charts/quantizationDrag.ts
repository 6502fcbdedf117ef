import type { ChartInstance } from './echarts'

interface DragOptions {
  readonly maxAlpha: number
  readonly onAlpha: (alpha: number) => void
}

/**
 * Lets the pointer take the alpha line to anywhere in the drawing. Keyboards have the slider below.
 * Returns how to stop.
 */
export function dragAlpha(chart: ChartInstance, { maxAlpha, onAlpha }: DragOptions): () => void {
  const surface = chart.getZr()
  let isDragging = false

  function isInPlot(x: number, y: number): boolean {
    return [0, 1].some((gridIndex) => chart.containPixel({ gridIndex }, [x, y]))
  }
  function moveTo(x: number): void {
    const alpha = Number(chart.convertFromPixel({ xAxisIndex: 1 }, x))
    if (Number.isFinite(alpha)) onAlpha(Math.min(maxAlpha, Math.max(maxAlpha / 1000, alpha)))
  }
  const start = ({ offsetX, offsetY }: PointerPlace) => {
    if (!isInPlot(offsetX, offsetY)) return
    isDragging = true
    moveTo(offsetX)
  }
  const move = ({ offsetX, offsetY }: PointerPlace) => {
    surface.setCursorStyle(isDragging || isInPlot(offsetX, offsetY) ? 'ew-resize' : 'default')
    if (isDragging) moveTo(offsetX)
  }
  const stop = () => {
    isDragging = false
  }

  surface.on('mousedown', start)
  surface.on('mousemove', move)
  surface.on('mouseup', stop)
  surface.on('globalout', stop)
  return () => {
    surface.off('mousedown', start)
    surface.off('mousemove', move)
    surface.off('mouseup', stop)
    surface.off('globalout', stop)
  }
}

interface PointerPlace {
  readonly offsetX: number
  readonly offsetY: number
}
