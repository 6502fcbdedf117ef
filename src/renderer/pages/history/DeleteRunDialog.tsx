import { Button, Group, Modal, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { RunSummary } from '../../../protocol/contract'
import { errorLine } from '../../components/errorLine'
import { useHost } from '../../host'
import { formatTime } from './formatTime'

interface DeleteRunDialogProps {
  /** null: nothing is to be deleted. */
  readonly run: RunSummary | null
  readonly onClose: () => void
}

/** Asks before a run is gone for good. */
export function DeleteRunDialog({ run, onClose }: DeleteRunDialogProps) {
  const { t } = useTranslation('history')
  return (
    <Modal opened={run !== null} onClose={onClose} title={t('dialog.title')} centered>
      {run && <Question run={run} onClose={onClose} />}
    </Modal>
  )
}

function Question({ run, onClose }: { readonly run: RunSummary; readonly onClose: () => void }) {
  const { t } = useTranslation('history')
  const { client } = useHost()
  const queries = useQueryClient()
  const time = formatTime(run.startedAt)
  const removal = useMutation({
    mutationFn: () => client.history.remove({ id: run.id }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['history'] })
      notifications.show({ message: t('deleted', { time }) })
      onClose()
    },
  })
  return (
    <>
      <Text size="sm">
        {t('dialog.text', { time, network: run.network, device: run.deviceName })}
      </Text>
      {removal.error && (
        <Text size="sm" mt="xs" c="var(--headroom-bad)" role="alert">
          {errorLine(removal.error)}
        </Text>
      )}
      <Group justify="flex-end" gap="xs" mt="md">
        <Button variant="default" size="xs" onClick={onClose} data-autofocus>
          {t('dialog.cancel')}
        </Button>
        <Button
          size="xs"
          color="red.9"
          loading={removal.isPending}
          onClick={() => removal.mutate()}
        >
          {t('dialog.confirm')}
        </Button>
      </Group>
    </>
  )
}
