import { Alert, Code, Loader, Text } from '@mantine/core'
import { Trans, useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import type { Connection } from '../connection'
import { useHost } from '../host'

/** Says when the page has lost the application, and what to do where it will not come back. */
export function ConnectionBanner() {
  const { connection } = useHost()
  return connection && <StatusOf connection={connection} />
}

function StatusOf({ connection }: { readonly connection: Connection }) {
  const { t } = useTranslation()
  const status = useStore(connection.status)
  if (status === 'refused')
    return (
      <Alert color="red" radius={0} title={t('connection.refused')}>
        <Trans i18nKey="connection.refusedFix" components={[<Code key="command" />]} />
      </Alert>
    )
  if (status === 'reconnecting')
    return (
      <Alert color="yellow" radius={0} p="xs" icon={<Loader size={14} />}>
        <Text size="sm">{t('connection.reconnecting')}</Text>
      </Alert>
    )
  return null
}
