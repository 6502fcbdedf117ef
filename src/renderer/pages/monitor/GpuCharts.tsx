import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { byteScale } from '../../../core/report/byteScale'
import {
  latestFast,
  latestSlow,
  type MonitoredGpu,
  type MonitorState,
} from '../../../core/monitor/monitorState'
import { formatBytes } from '../../../core/units'
import { occupancyColours } from '../../charts/colours'
import type { TimeLinesOptions } from '../../charts/timeLinesOption'
import { useChartScheme } from '../../charts/useChartScheme'
import {
  endOf,
  fastMoments,
  occupancy,
  throttledSpans,
  toPoints,
  type SeriesPoint,
} from '../../monitor/monitorSeries'
import { GpuLines } from './GpuLines'
import { useSources } from './useSources'

interface GpuChartsProps {
  readonly state: MonitorState
  readonly gpu: MonitoredGpu
}

/** Live lines of one GPU; they share their crosshair. */
export function GpuCharts({ state, gpu }: GpuChartsProps) {
  const { t } = useTranslation('monitor')
  const { name: source, fastPeriod: period } = useSources(state, gpu)
  const charts = useGpuCharts(state, gpu)
  const caption = t('chart.caption', { source, period })
  return (
    <GpuLines
      group="monitor"
      gpuId={gpu.id}
      caption={caption}
      clocksCaption={t('chart.throttledCaption', { source, period })}
      memoryTitle={t('chart.memory')}
      charts={charts}
    />
  )
}

/** The figures of each chart, computed anew when there are new ones. */
function useGpuCharts(state: MonitorState, { id }: MonitoredGpu) {
  const { t } = useTranslation('monitor')
  const scheme = useChartScheme()
  return useMemo(() => {
    const endMs = endOf(state)
    const moments = fastMoments(state, id)
    const line = (
      read: Parameters<typeof toPoints<(typeof state.fast)[number]['gpus'][string] & object>>[2],
    ) => toPoints(moments, endMs, read)
    const figures = latestFast(state, id)
    const slow = latestSlow(state, id)
    const limit = (value: number | null | undefined, unit: string, of = '') =>
      typeof value === 'number'
        ? { name: `${of} ${t('chart.limit', { value: `${value} ${unit}` })}`.trim(), value }
        : null
    const memory = memoryOptions()
    const utilization: TimeLinesOptions = {
      scheme,
      unit: '%',
      max: 100,
      lines: [
        { name: t('chart.gpuUtilization'), points: line((f) => f.gpuUtilizationPercent) },
        {
          name: t('chart.memoryUtilization'),
          points: line((f) => f.memoryUtilizationPercent),
          isSecond: true,
        },
      ],
    }
    const clocks: TimeLinesOptions = {
      scheme,
      unit: 'MHz',
      limit: limit(slow?.smClockMaxMHz, 'MHz', t('chart.smClock')),
      max: slow?.smClockMaxMHz ?? null,
      marked: { name: t('chart.throttled'), spans: throttledSpans(moments, endMs) },
      lines: [
        { name: t('chart.smClock'), points: line((f) => f.smClockMHz) },
        { name: t('chart.memoryClock'), points: line((f) => f.memoryClockMHz), isSecond: true },
      ],
    }
    const power: TimeLinesOptions = {
      scheme,
      unit: 'W',
      limit: limit(figures?.powerLimitWatts, 'W'),
      max: figures?.powerLimitWatts ?? null,
      lines: [{ name: t('chart.powerDraw'), points: line((f) => f.powerDrawWatts) }],
    }
    const temperature: TimeLinesOptions = {
      scheme,
      unit: '°C',
      max: 90,
      lines: [{ name: t('chart.temperatureLine'), points: line((f) => f.temperatureCelsius) }],
    }
    return { memory, utilization, clocks, power, temperature }

    function memoryOptions(): TimeLinesOptions {
      const held = occupancy(state, id, endMs)
      const total = figures?.memoryTotalBytes ?? null
      const scale = byteScale([total, figures?.memoryUsedBytes ?? null])
      const scaled = (points: readonly SeriesPoint[]) =>
        points.map(([x, y]): SeriesPoint => [x, y === null ? null : y / scale.bytes])
      const area = (key: 'driverReserve' | 'own' | 'others', name: string) => ({
        name,
        points: scaled(held[key]),
        colour: occupancyColours[key],
      })
      const spilled = held.spill.some(([, bytes]) => bytes !== null && bytes > 0)
      return {
        scheme,
        unit: scale.unit,
        max: total === null ? null : total / scale.bytes,
        limit:
          total === null
            ? null
            : {
                name: t('chart.total', { value: formatBytes(total) }),
                value: total / scale.bytes,
              },
        areas: [
          area('driverReserve', t('truth.driverReserve')),
          area('others', t('truth.otherProcesses')),
          area('own', t('truth.own')),
        ],
        lines: spilled
          ? [{ name: t('truth.spill'), points: scaled(held.spill), isSecond: true }]
          : [],
      }
    }
  }, [state, id, t, scheme])
}
