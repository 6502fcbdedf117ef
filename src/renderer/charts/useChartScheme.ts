import { useComputedColorScheme } from '@mantine/core'
import type { ChartScheme } from './colours'

/** Which of each pair of colours a chart takes. */
export function useChartScheme(): ChartScheme {
  return useComputedColorScheme('light')
}
