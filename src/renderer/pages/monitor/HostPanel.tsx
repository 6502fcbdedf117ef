import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { Title } from '@mantine/core'
import type { HostFigures } from '../../../core/monitor/figures'
import { latestHost, type MonitorState } from '../../../core/monitor/monitorState'
import { formatBytes, formatDuration, GiB } from '../../../core/units'
import type { TimeLinesOptions } from '../../charts/timeLinesOption'
import { useChartScheme } from '../../charts/useChartScheme'
import { toPoints } from '../../monitor/monitorSeries'
import { LiveChart } from './LiveChart'
import classes from './MonitorPage.module.css'

/** The machine itself: its memory, the engine's share of it, and its CPU. */
export function HostPanel({ state }: { readonly state: MonitorState }) {
  const { t } = useTranslation('monitor')
  const { memory, cpu } = useHostCharts(state)
  const periodMs = state.samplers.find(({ sampler }) => sampler === 'slow')?.periodMs ?? null
  const caption = t('chart.caption', { source: 'os', period: formatDuration(periodMs) })
  const isAlone = state.gpus.length === 0
  const shared = { group: 'monitor', gpuId: 'host', caption, height: isAlone ? 230 : 120 }
  if (latestHost(state) === null) return null
  return (
    <section aria-label={t('hostHeading')}>
      <Title order={2} className={classes.hostHeading}>
        {t('hostHeading')}
      </Title>
      <div className={classes.host}>
        <LiveChart {...shared} title={t('chart.memoryHost')} options={memory} />
        <LiveChart {...shared} title={t('chart.cpu')} options={cpu} />
      </div>
    </section>
  )
}

function useHostCharts(state: MonitorState) {
  const { t } = useTranslation('monitor')
  const scheme = useChartScheme()
  const { slow } = state
  return useMemo(() => {
    // Its own newest tick: the end of the GPU's figures moves ten times as often.
    const endMs = slow.at(-1)?.tMs ?? 0
    const moments = slow.flatMap(({ tMs, host }) => (host ? [{ tMs, value: host }] : []))
    const line = (read: (host: HostFigures) => number | null) => toPoints(moments, endMs, read)
    const gibibytes = (bytes: number | null) => (bytes === null ? null : bytes / GiB)
    const total = moments.at(-1)?.value.memoryTotalBytes ?? null
    const memory: TimeLinesOptions = {
      scheme,
      unit: 'GiB',
      max: gibibytes(total),
      limit:
        total === null
          ? null
          : { name: t('chart.total', { value: formatBytes(total) }), value: total / GiB },
      lines: [
        { name: t('chart.used'), points: line((host) => gibibytes(host.memoryUsedBytes)) },
        {
          name: t('chart.engine'),
          points: line((host) => gibibytes(host.engineBytes)),
          isSecond: true,
        },
      ],
    }
    const cpu: TimeLinesOptions = {
      scheme,
      unit: '%',
      max: 100,
      lines: [{ name: t('chart.cpu'), points: line((host) => host.cpuPercent) }],
    }
    return { memory, cpu }
  }, [slow, t, scheme])
}
