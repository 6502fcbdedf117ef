import { Button, Group, Kbd, Modal, Text } from '@mantine/core'
import { useDisclosure, useHotkeys } from '@mantine/hooks'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { errorLine } from '../../components/errorLine'
import { useHost } from '../../host'

/** Ends the run after one question; what was measured until then is stored. Esc asks it too. */
export function CancelButton({ id }: { readonly id: string }) {
  const { t } = useTranslation('run')
  const { client } = useHost()
  const [isAsking, question] = useDisclosure(false)
  const cancel = useMutation({ mutationFn: () => client.runs.cancel({ id }) })
  useHotkeys([['Escape', question.open]])
  return (
    <>
      <Button
        variant="default"
        rightSection={<Kbd size="xs">Esc</Kbd>}
        aria-keyshortcuts="Escape"
        loading={cancel.isPending || cancel.isSuccess}
        onClick={question.open}
      >
        {t('cancel.button')}
      </Button>
      <Modal
        opened={isAsking}
        onClose={question.close}
        title={t('cancel.title')}
        closeButtonProps={{ 'aria-label': t('cancel.keep') }}
      >
        <Text>{t('cancel.text')}</Text>
        {cancel.error && (
          <Text c="var(--headroom-bad)" mt="xs">
            {errorLine(cancel.error)}
          </Text>
        )}
        <Group justify="flex-end" gap="xs" mt="md">
          <Button variant="default" data-autofocus onClick={question.close}>
            {t('cancel.keep')}
          </Button>
          <Button
            color="red.8"
            onClick={() => {
              cancel.mutate()
              question.close()
            }}
          >
            {t('cancel.confirm')}
          </Button>
        </Group>
      </Modal>
    </>
  )
}
