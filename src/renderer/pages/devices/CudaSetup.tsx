import { Button, Checkbox, Group, Progress, Text, TextInput } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { formatBytes } from '../../../core/units'
import { Panel } from '../../components/Panel'
import { useHost } from '../../host'
import { detectAgain } from './devicesQuery'
import { progressPercent } from './setupState'
import { useSetupStore } from './setupStore'
import classes from './DevicesPage.module.css'

/** Fetches what CUDA lacks, where that is all that is missing. */
export function CudaSetup() {
  const { t } = useTranslation(['devices', 'common'])
  const { client } = useHost()
  const queries = useQueryClient()
  const setup = useSetupStore()
  const [from, setFrom] = useState('')
  const [withCudnn, setWithCudnn] = useState(true)
  const start = async () => {
    await setup.start(client, from.trim() === '' ? null : from.trim(), withCudnn)
    if (useSetupStore.getState().report?.state === 'ready') await detectAgain(queries, client)
  }
  const problem = setup.broken ?? setup.report?.error?.message
  return (
    <Panel title={t('setup.heading')}>
      <Text c="dimmed">{t('setup.text')}</Text>
      <Group gap="xs" mt="sm" align="end">
        <TextInput
          className={classes.setupFrom}
          label={t('setup.from')}
          placeholder={t('setup.fromPip')}
          disabled={setup.isRunning}
          value={from}
          onChange={(event) => setFrom(event.currentTarget.value)}
        />
        {setup.isRunning ? (
          <Button variant="default" onClick={setup.cancel}>
            {t('setup.cancel')}
          </Button>
        ) : (
          <Button onClick={() => void start()}>{t('setup.start')}</Button>
        )}
      </Group>
      <Checkbox
        mt="sm"
        label={t('setup.cudnn')}
        disabled={setup.isRunning}
        checked={withCudnn}
        onChange={(event) => setWithCudnn(event.currentTarget.checked)}
      />
      <SetupProgress />
      {problem && (
        <Text c="var(--headroom-bad)" mt="xs" role="alert">
          {problem}
        </Text>
      )}
      {setup.report?.error?.details && (
        <details className={classes.details}>
          <summary>{t('setup.details')}</summary>
          <pre>{setup.report.error.details}</pre>
        </details>
      )}
    </Panel>
  )
}

function SetupProgress() {
  const { t } = useTranslation('devices')
  const setup = useSetupStore()
  const { isRunning, packages, progress } = setup
  if (!isRunning && packages.length === 0) return null
  const percent = progressPercent(setup)
  return (
    <div className={classes.setupProgress}>
      <ul>
        {packages.map(({ requirement, files, reusedFrom }) => (
          <li key={requirement}>
            ✓ {requirement} · {formatBytes(files.reduce((sum, { bytes }) => sum + bytes, 0))}
            {reusedFrom !== null && ` · ${t('setup.reused', { folder: reusedFrom })}`}
          </li>
        ))}
      </ul>
      {isRunning && (
        <>
          <output>
            {progress
              ? t(`setup.phase.${progress.phase}`, { requirement: progress.requirement })
              : t('setup.next')}
            {progress && progress.doneBytes > 0 && ` · ${formatBytes(progress.doneBytes)}`}
            {progress?.totalBytes ? ` / ${formatBytes(progress.totalBytes)}` : ''}
          </output>
          <Progress
            value={percent ?? 100}
            animated={percent === null}
            aria-label={t('setup.heading')}
            mt={4}
          />
        </>
      )}
    </div>
  )
}
