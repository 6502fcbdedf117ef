import { useEffect, useEffectEvent, useRef, useState } from 'react'
import type { ChartOption } from './chartOption'
import type { ChartScheme } from './colours'
import type { ChartInstance } from './echarts'

interface UseChartOptions {
  readonly option: ChartOption
  readonly scheme: ChartScheme
  readonly group: string | undefined
  readonly onReady: ((chart: ChartInstance) => (() => void) | undefined) | undefined
}

/**
 * A chart that follows its element's size, the colour scheme and `option`. What a person did to it
 * (zoom, legend) stays when the figures change. `isReady` is false while the library is loading.
 */
export function useChart({ option, scheme, group, onReady }: UseChartOptions) {
  const element = useRef<HTMLDivElement>(null)
  const [chart, setChart] = useState<ChartInstance | null>(null)
  const start = useEffectEvent((created: ChartInstance) => onReady?.(created))

  useEffect(() => {
    const target = element.current
    if (!target) return
    let created: ChartInstance | null = null
    let stop: (() => void) | undefined
    let isGone = false
    const observer = new ResizeObserver(() => created?.resize())
    void import('./echarts').then(({ createChart }) => {
      if (isGone) return
      created = createChart(target, scheme, group)
      observer.observe(target)
      setChart(created)
      stop = start(created)
    })
    return () => {
      isGone = true
      stop?.()
      observer.disconnect()
      setChart(null)
      created?.dispose()
    }
  }, [scheme, group])

  useEffect(() => {
    chart?.setOption(option, { replaceMerge: ['series'], lazyUpdate: true })
  }, [chart, option])

  return { element, isReady: chart !== null }
}
