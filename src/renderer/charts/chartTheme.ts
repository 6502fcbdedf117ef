import type { ChartScheme } from './colours'

const inks = {
  light: { text: '#1B1F26', dim: '#565D6B', line: '#D5D8DF', grid: '#E7E9EE', surface: '#FFFFFF' },
  dark: { text: '#DFE2E9', dim: '#9BA2AF', line: '#3A414E', grid: '#262B34', surface: '#171A20' },
} as const

export const surfaceColour = (scheme: ChartScheme): string => inks[scheme].surface

/** Axes, legend and tooltip of every chart, so that options hold only what is the chart's own. */
export function chartTheme(scheme: ChartScheme) {
  const { text, dim, line, grid, surface } = inks[scheme]
  const axis = {
    axisLine: { lineStyle: { color: line } },
    axisTick: { lineStyle: { color: line } },
    axisLabel: { color: dim, fontSize: 11 },
    splitLine: { lineStyle: { color: grid } },
    nameTextStyle: { color: dim, fontSize: 11 },
    splitArea: { show: false },
  }
  return {
    backgroundColor: 'transparent',
    textStyle: {
      fontFamily: 'Inter, system-ui, "Segoe UI", Roboto, "Noto Sans CJK SC", sans-serif',
      fontSize: 12,
      color: text,
    },
    title: {
      left: 12,
      top: 8,
      textStyle: { fontSize: 14, fontWeight: 600, color: text },
      subtextStyle: { color: dim },
    },
    legend: {
      textStyle: { color: dim, fontSize: 11 },
      inactiveColor: line,
      itemWidth: 14,
      itemHeight: 9,
      itemGap: 12,
    },
    tooltip: {
      backgroundColor: surface,
      borderColor: line,
      borderWidth: 1,
      textStyle: { color: text, fontSize: 12 },
      axisPointer: { lineStyle: { color: dim }, crossStyle: { color: dim } },
    },
    dataZoom: { textStyle: { color: dim }, borderColor: line },
    categoryAxis: { ...axis, splitLine: { show: false } },
    valueAxis: axis,
    logAxis: axis,
    timeAxis: axis,
  }
}
