import { Button } from '@mantine/core'
import IconPlayerRecord from '@tabler/icons-react/dist/esm/icons/IconPlayerRecord.mjs'
import IconPlayerStop from '@tabler/icons-react/dist/esm/icons/IconPlayerStop.mjs'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { notifications } from '@mantine/notifications'
import { errorLine } from '../../components/errorLine'
import { useHost } from '../../host'
import { recordingsKey, recordingsQuery } from './recordingQueries'

/** Begins a recording, or ends the one that goes on. */
export function RecordButton() {
  const { t } = useTranslation('monitor')
  const { client } = useHost()
  const queries = useQueryClient()
  const { data } = useQuery(recordingsQuery(client))
  const isRunning = data?.some((recording) => recording.isRunning) ?? false
  const change = useMutation({
    mutationFn: async () => {
      if (isRunning) await client.recordings.stop()
      else await client.recordings.start()
    },
    onError: (error) => notifications.show({ color: 'red', message: errorLine(error) }),
    onSettled: () => queries.invalidateQueries({ queryKey: recordingsKey }),
  })
  const Icon = isRunning ? IconPlayerStop : IconPlayerRecord
  return (
    <Button
      variant="default"
      size="xs"
      leftSection={<Icon size={14} aria-hidden color="var(--headroom-bad)" />}
      loading={change.isPending}
      disabled={!data}
      onClick={() => change.mutate()}
    >
      {isRunning ? t('recordings.stop') : t('recordings.start')}
    </Button>
  )
}
