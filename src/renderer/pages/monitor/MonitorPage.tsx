import { Group, Select } from '@mantine/core'
import { useThrottledValue } from '@mantine/hooks'
import { useSearch } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { MonitorState } from '../../../core/monitor/monitorState'
import { errorLine } from '../../components/errorLine'
import { Page } from '../../components/Page'
import { Problem } from '../../components/Problem'
import { Waiting } from '../../components/Waiting'
import { useMonitor } from '../../monitor/useMonitor'
import { GpuView } from './GpuView'
import { HostPanel } from './HostPanel'
import { MonitorVerdictLine } from './MonitorVerdictLine'
import { RecordButton } from './RecordButton'
import { RecordingsPanel } from './RecordingsPanel'

/** A little shorter than the period of the figures, so that none waits for the one after it. */
const drawPeriodMs = 80

/** It brings the estimator along, which the live page does without. */
const RecordingView = lazy(async () => ({
  default: (await import('./RecordingView')).RecordingView,
}))

/** What is this GPU doing, and who is on it? Or, where the address names a recording, what it did. */
export function MonitorPage() {
  const { t } = useTranslation('monitor')
  const search: Record<string, unknown> = useSearch({ strict: false })
  const { recording } = search
  if (typeof recording !== 'string') return <LivePage />
  return (
    <Suspense fallback={<Waiting title={t('recording.reading')} />}>
      <RecordingView id={recording} />
    </Suspense>
  )
}

function LivePage() {
  const { t } = useTranslation(['monitor', 'common'])
  const { state, error } = useMonitor()
  const shown = useThrottledValue(state, drawPeriodMs)
  const title = t('common:navigation.monitor')
  if (shown) return <MonitorView state={shown} error={error} />
  if (error) return <Problem page={title} title={t('lost')} message={errorLine(error)} />
  return (
    <Page title={title}>
      <Waiting title={t('starting')} text={t('startingText')} />
    </Page>
  )
}

interface MonitorViewProps {
  readonly state: MonitorState
  readonly error: unknown
}

function MonitorView({ state, error }: MonitorViewProps) {
  const { t } = useTranslation(['monitor', 'common'])
  const [chosen, setChosen] = useState<string | null>(null)
  const gpu = state.gpus.find(({ id }) => id === chosen) ?? state.gpus[0] ?? null
  const choice = state.gpus.length > 1 && (
    <Select
      aria-label={t('gpu')}
      size="xs"
      w={280}
      allowDeselect={false}
      data={state.gpus.map(({ id, name }) => ({ value: id, label: `${id} · ${name}` }))}
      value={gpu?.id ?? null}
      onChange={setChosen}
    />
  )
  return (
    <Page
      title={t('common:navigation.monitor')}
      actions={
        <Group gap="xs">
          {choice}
          <RecordButton />
        </Group>
      }
    >
      <MonitorVerdictLine state={state} gpu={gpu} error={error} />
      {gpu && <GpuView key={gpu.id} state={state} gpu={gpu} />}
      <HostPanel state={state} />
      <RecordingsPanel />
    </Page>
  )
}
