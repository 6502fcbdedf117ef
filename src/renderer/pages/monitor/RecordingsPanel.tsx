import { Button, Group, Table, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { formatBytes } from '../../../core/units'
import type { RecordingListing } from '../../../protocol/recordings'
import { errorLine } from '../../components/errorLine'
import { Panel } from '../../components/Panel'
import { StatusBadge } from '../../components/StatusBadge'
import { useHost } from '../../host'
import { formatTime } from '../history/formatTime'
import classes from './MonitorPage.module.css'
import { downloadRecording, recordingsKey, recordingsQuery } from './recordingQueries'

/** Every recording of the data folder: to be opened, taken along, deleted. */
export function RecordingsPanel() {
  const { t } = useTranslation('monitor')
  const { client } = useHost()
  const { data, error } = useQuery(recordingsQuery(client))
  return (
    <Panel title={t('recordings.heading')}>
      <Text c="dimmed">{t('recordings.hint')}</Text>
      {error && <Failure error={error} />}
      {data?.length === 0 && <Text mt="xs">{t('recordings.none')}</Text>}
      {data && data.length > 0 && (
        <div className={classes.scroll}>
          <Table aria-label={t('recordings.heading')} mt="xs">
            <Table.Thead>
              <Table.Tr>
                <Table.Th scope="col">{t('recordings.started')}</Table.Th>
                <Table.Th scope="col" ta="right">
                  {t('recordings.size')}
                </Table.Th>
                <Table.Th scope="col">{t('recordings.state')}</Table.Th>
                <Table.Th />
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {data.map((recording) => (
                <Row key={recording.id} recording={recording} />
              ))}
            </Table.Tbody>
          </Table>
        </div>
      )}
    </Panel>
  )
}

function Row({ recording }: { readonly recording: RecordingListing }) {
  const { t } = useTranslation('monitor')
  const { id, startedAt, bytes, isRunning, problem } = recording
  const state = isRunning ? t('recordings.goesOn') : t('recordings.complete')
  return (
    <Table.Tr>
      <Table.Td>{formatTime(startedAt)}</Table.Td>
      <Table.Td ta="right">{formatBytes(bytes)}</Table.Td>
      <Table.Td>
        <StatusBadge tone={problem ? 'bad' : isRunning ? 'warn' : 'neutral'}>
          {problem ? t('recordings.broken', { problem }) : state}
        </StatusBadge>
      </Table.Td>
      <Table.Td>
        <Group gap={6} justify="flex-end" wrap="nowrap">
          <Button
            variant="default"
            size="compact-xs"
            renderRoot={(rest) => (
              <Link {...rest} to={'.' as never} search={{ recording: id } as never} />
            )}
          >
            {t('recordings.open')}
          </Button>
          <Actions id={id} isRunning={isRunning} />
        </Group>
      </Table.Td>
    </Table.Tr>
  )
}

function Actions({ id, isRunning }: { readonly id: string; readonly isRunning: boolean }) {
  const { t } = useTranslation('monitor')
  const { client } = useHost()
  const queries = useQueryClient()
  const [isSure, setSure] = useState(false)
  const onError = (error: Error) => notifications.show({ color: 'red', message: errorLine(error) })
  const download = useMutation({ mutationFn: () => downloadRecording(client, id), onError })
  const removal = useMutation({
    mutationFn: () => client.recordings.remove({ id }),
    onSuccess: () => notifications.show({ message: t('recordings.removed') }),
    onError,
    onSettled: () => queries.invalidateQueries({ queryKey: recordingsKey }),
  })
  return (
    <>
      <Button
        variant="default"
        size="compact-xs"
        loading={download.isPending}
        onClick={() => download.mutate()}
      >
        {t('recordings.download')}
      </Button>
      <Button
        variant={isSure ? 'filled' : 'default'}
        color="red.9"
        size="compact-xs"
        disabled={isRunning}
        loading={removal.isPending}
        onClick={() => (isSure ? removal.mutate() : setSure(true))}
        onBlur={() => setSure(false)}
      >
        {isSure ? t('recordings.removeSure') : t('recordings.remove')}
      </Button>
    </>
  )
}

function Failure({ error }: { readonly error: Error }) {
  return (
    <Text c="var(--headroom-bad)" mt="xs" role="alert">
      {errorLine(error)}
    </Text>
  )
}
