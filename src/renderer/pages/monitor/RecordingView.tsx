import { Button, Group, Select } from '@mantine/core'
import IconActivity from '@tabler/icons-react/dist/esm/icons/IconActivity.mjs'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { formatBytes, formatDuration, formatSignificant } from '../../../core/units'
import type { RecordedGpu, RecordingReport } from '../../../protocol/recordings'
import { EmptyState } from '../../components/EmptyState'
import { errorLine } from '../../components/errorLine'
import { joinSentences } from '../../components/joinSentences'
import { Page } from '../../components/Page'
import { Problem } from '../../components/Problem'
import { Verdict } from '../../components/Verdict'
import { Waiting } from '../../components/Waiting'
import { useHost } from '../../host'
import { formatTime } from '../history/formatTime'
import { RecordedCharts } from './RecordedCharts'
import { recordedHours } from './recordedHours'
import { recordingQuery } from './recordingQueries'

/** What a recording holds: who looks for a peak finds it in the first line. */
export function RecordingView({ id }: { readonly id: string }) {
  const { t } = useTranslation(['monitor', 'common'])
  const { client } = useHost()
  const { data, error, refetch, isFetching } = useQuery(recordingQuery(client, id))
  const actions = (
    <Group gap="xs">
      {data?.isRunning && (
        <Button variant="default" size="xs" loading={isFetching} onClick={() => void refetch()}>
          {t('recording.refresh')}
        </Button>
      )}
      <Button
        variant="default"
        size="xs"
        leftSection={<IconActivity size={14} aria-hidden />}
        renderRoot={(rest) => <Link {...rest} to={'.' as never} search={{} as never} />}
      >
        {t('recording.back')}
      </Button>
    </Group>
  )
  const title = t('common:navigation.monitor')
  if (error)
    return (
      <Problem page={title} message={errorLine(error)}>
        {actions}
      </Problem>
    )
  return (
    <Page title={title} actions={actions}>
      {!data ? (
        <Waiting title={t('recording.reading')} />
      ) : data.gpus.length === 0 ? (
        <EmptyState
          icon={IconActivity}
          title={t('recording.empty')}
          text={t('recording.emptyText')}
        />
      ) : (
        <Recorded key={id} report={data} />
      )}
    </Page>
  )
}

function Recorded({ report }: { readonly report: RecordingReport }) {
  const { t } = useTranslation('monitor')
  const { startMs, endMs } = report
  const [gpuId, setGpuId] = useState(report.gpus[0]!.gpu.id)
  const [hour, setHour] = useState<number | null>(null)
  const recorded = report.gpus.find(({ gpu }) => gpu.id === gpuId) ?? report.gpus[0]!
  const hours = recordedHours(startMs, endMs)
  const span = hours.find((one) => one.hour === hour) ?? hours[0]!
  return (
    <>
      <RecordingVerdict report={report} recorded={recorded} />
      {(report.gpus.length > 1 || hours.length > 1) && (
        <Group gap="xs">
          {report.gpus.length > 1 && (
            <Select
              aria-label={t('gpu')}
              size="xs"
              w={280}
              allowDeselect={false}
              data={report.gpus.map(({ gpu }) => ({
                value: gpu.id,
                label: `${gpu.id} · ${gpu.name}`,
              }))}
              value={gpuId}
              onChange={(value) => value && setGpuId(value)}
            />
          )}
          {hours.length > 1 && (
            <Select
              aria-label={t('recording.span')}
              size="xs"
              w={160}
              allowDeselect={false}
              data={hours.map((one) => ({
                value: String(one.hour ?? 'all'),
                label:
                  one.hour === null
                    ? t('recording.whole')
                    : t('recording.hour', { hour: one.hour }),
              }))}
              value={String(hour ?? 'all')}
              onChange={(value) => setHour(value === 'all' ? null : Number(value))}
            />
          )}
        </Group>
      )}
      <RecordedCharts report={report} recorded={recorded} span={span} />
    </>
  )
}

interface RecordingVerdictProps {
  readonly report: RecordingReport
  readonly recorded: RecordedGpu
}

function RecordingVerdict({ report, recorded: { gpu, summary } }: RecordingVerdictProps) {
  const { t, i18n } = useTranslation('monitor')
  const { tickCount, silentCount, throttledCount, memoryPeakBytes, memoryPeakMs } = summary
  const detail = joinSentences(
    i18n.language,
    throttledCount > 0
      ? t('recording.throttled', { percent: formatSignificant((100 * throttledCount) / tickCount) })
      : '',
    [
      t('recording.title', { time: formatTime(new Date(report.startMs).toISOString()) }),
      t('recording.facts', { count: tickCount, duration: formatDuration(summary.durationMs) }),
      ...(silentCount > 0 ? [t('recording.silent', { count: silentCount })] : []),
      ...(report.lostChunkCount > 0 ? [t('recording.lost', { count: report.lostChunkCount })] : []),
    ].join(i18n.language === 'zh-CN' ? '，' : ', '),
  )
  return (
    <Verdict tone={throttledCount > 0 ? 'warn' : 'neutral'} detail={detail}>
      {memoryPeakBytes === null || memoryPeakMs === null
        ? t('recording.verdictUnknown', { name: gpu.name })
        : t('recording.verdict', {
            name: gpu.name,
            peak: formatBytes(memoryPeakBytes),
            after: formatDuration(memoryPeakMs - report.startMs),
          })}
    </Verdict>
  )
}
