// First: the estimator checks the tables of GPUs and models as it is loaded.
import '../../jitless'
import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Estimate } from '../../../core/estimate/estimate'
import { formatBytes, formatSignificant } from '../../../core/units'
import { byteScale } from '../../../core/report/byteScale'
import type { RecordedGpu, RecordedLines, RecordingReport } from '../../../protocol/recordings'
import type { TimeLinesOptions } from '../../charts/timeLinesOption'
import { useChartScheme } from '../../charts/useChartScheme'
import { errorLine } from '../../components/errorLine'
import { Panel } from '../../components/Panel'
import { Verdict } from '../../components/Verdict'
import { Waiting } from '../../components/Waiting'
import { useHost } from '../../host'
import { EstimatePanel } from './EstimatePanel'
import { estimateBeside } from './estimateBeside'
import { GpuLines } from './GpuLines'
import classes from './MonitorPage.module.css'
import { formatElapsed, type RecordedHour } from './recordedHours'
import { linesQuery } from './recordingQueries'

interface RecordedChartsProps {
  readonly report: RecordingReport
  readonly recorded: RecordedGpu
  readonly span: RecordedHour
}

/** The lines of one recorded GPU, its few figures, and an estimate beside them. */
export function RecordedCharts({ report, recorded, span }: RecordedChartsProps) {
  const { t } = useTranslation('monitor')
  const { client } = useHost()
  const [estimate, setEstimate] = useState<Estimate | null>(null)
  const gpuId = recorded.gpu.id
  const request = { id: report.id, gpuId, fromMs: span.fromMs, toMs: span.toMs }
  const { data, error } = useQuery(linesQuery(client, request, report.endMs))
  if (error) return <Verdict tone="bad">{errorLine(error)}</Verdict>
  return (
    <>
      {data ? (
        <Lines {...{ report, recorded, span, estimate }} recordedLines={data} />
      ) : (
        <Waiting title={t('recording.reading')} />
      )}
      <div className={classes.columns}>
        <EstimatePanel recorded={recorded} estimate={estimate} onEstimate={setEstimate} />
        <SummaryFacts recorded={recorded} />
      </div>
    </>
  )
}

interface LinesProps extends RecordedChartsProps {
  readonly recordedLines: RecordedLines
  readonly estimate: Estimate | null
}

function Lines(props: LinesProps) {
  const { t } = useTranslation('monitor')
  const charts = useRecordedOptions(props)
  const { gpu } = props.recorded
  return (
    <GpuLines
      group="recording"
      gpuId={`${gpu.id}-${props.report.id}`}
      caption={gpu.name}
      memoryTitle={t('recording.memory')}
      charts={charts}
    />
  )
}

function useRecordedOptions({ report, recorded, span, recordedLines, estimate }: LinesProps) {
  const { t } = useTranslation('monitor')
  const scheme = useChartScheme()
  return useMemo(() => {
    const seconds = (tMs: number) => (tMs - report.startMs) / 1000
    const shared = {
      scheme,
      span: {
        fromSeconds: seconds(span.fromMs),
        toSeconds: Math.max(seconds(span.toMs), seconds(span.fromMs) + 1),
        format: formatElapsed,
      },
    }
    const { lines, throttled } = recordedLines
    const points = (name: keyof typeof lines, unit = 1) =>
      lines[name].map(
        ([tMs, value]) => [seconds(tMs), value === null ? null : value / unit] as const,
      )
    const total = recorded.memoryTotalBytes
    const beside = estimate && estimateBeside(recorded, estimate)
    const scale = byteScale([total, recorded.summary.memoryPeakBytes, beside?.lineBytes ?? null])
    const memory: TimeLinesOptions = {
      ...shared,
      unit: scale.unit,
      max: total === null ? null : total / scale.bytes,
      limit:
        total === null
          ? null
          : { name: t('chart.total', { value: formatBytes(total) }), value: total / scale.bytes },
      expected: beside && {
        name: t('beside.line', { value: formatBytes(estimate!.totalPeakBytes) }),
        value: beside.lineBytes / scale.bytes,
      },
      lines: [{ name: t('chart.used'), points: points('memoryUsedBytes', scale.bytes) }],
    }
    const one = (
      name: 'gpuUtilizationPercent' | 'smClockMHz' | 'powerDrawWatts' | 'temperatureCelsius',
      unit: string,
      label: string,
      max: number | null = null,
    ): TimeLinesOptions => ({
      ...shared,
      unit,
      max,
      lines: [{ name: label, points: points(name) }],
    })
    return {
      memory,
      utilization: one('gpuUtilizationPercent', '%', t('chart.gpuUtilization'), 100),
      clocks: {
        ...one('smClockMHz', 'MHz', t('chart.smClock')),
        marked: {
          name: t('chart.throttled'),
          spans: throttled.map(([from, to]) => [seconds(from), seconds(to)] as const),
        },
      },
      power: one('powerDrawWatts', 'W', t('chart.powerDraw')),
      temperature: one('temperatureCelsius', '°C', t('chart.temperatureLine'), 90),
    }
  }, [report.startMs, recorded, span, recordedLines, estimate, scheme, t])
}

function SummaryFacts({ recorded }: { readonly recorded: RecordedGpu }) {
  const { t } = useTranslation('monitor')
  const { summary, memoryFirstBytes } = recorded
  const withUnit = (value: number | null, unit: string) =>
    value === null ? '—' : `${formatSignificant(value)} ${unit}`
  const facts: readonly (readonly [name: string, value: string])[] = [
    [t('recording.peak'), formatBytes(summary.memoryPeakBytes)],
    [t('recording.first'), formatBytes(memoryFirstBytes)],
    [t('recording.least'), formatBytes(summary.memoryLeastBytes)],
    [t('recording.utilization'), withUnit(summary.utilizationMeanPercent, '%')],
    [t('recording.power'), withUnit(summary.powerMeanWatts, 'W')],
    [t('recording.temperature'), withUnit(summary.temperaturePeakCelsius, '°C')],
  ]
  return (
    <Panel title={t('recording.summary')}>
      <dl className={classes.facts}>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </Panel>
  )
}
