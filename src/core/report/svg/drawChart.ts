import { assertNever } from '../../errors'
import type { ReportChart } from '../runReport'
import { latencyChart } from './latencyChart'
import { lossChart } from './lossChart'
import { memoryBarsChart } from './memoryBarsChart'
import { speedAccuracyChart } from './speedAccuracyChart'
import type { Markup } from './svg'
import { timelineChart } from './timelineChart'

/** The chart as one SVG element, coloured by classes. Pure: equal charts give equal markup. */
export function drawChart(chart: ReportChart): Markup {
  switch (chart.type) {
    case 'latency':
      return latencyChart(chart)
    case 'speedAccuracy':
      return speedAccuracyChart(chart)
    case 'memoryBars':
      return memoryBarsChart(chart)
    case 'timeline':
      return timelineChart(chart)
    case 'loss':
      return lossChart(chart)
    default:
      return assertNever(chart)
  }
}
