import { Alert, Button, Group, Text } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Host } from '../client'
import { isBackAfterLoss } from '../connection'
import { useHost } from '../host'
import { viewerId } from '../viewerId'

interface ViewersState {
  readonly viewerCount: number
  readonly isInControl: boolean
}

/** Says that somebody else is in control, and offers to take it; nothing while one is so oneself. */
export function ViewersBanner() {
  const { t } = useTranslation()
  const host = useHost()
  const [state, setState] = useState<ViewersState | null>(null)
  useEffect(() => {
    if (!host.connection) return undefined
    const gone = new AbortController()
    void followViewers(host, gone.signal, setState)
    return () => gone.abort()
  }, [host])
  const take = useMutation({ mutationFn: () => host.client.viewers.take() })
  if (state === null || state.isInControl) return null
  return (
    <Alert color="blue" radius={0} px={20} py="xs">
      <Group gap="sm">
        <Text size="sm">{t('viewers.watching', { count: state.viewerCount - 1 })}</Text>
        <Button
          size="compact-xs"
          variant="default"
          loading={take.isPending}
          onClick={() => take.mutate()}
        >
          {t('viewers.take')}
        </Button>
      </Group>
    </Alert>
  )
}

async function followViewers(
  { client, connection }: Host,
  signal: AbortSignal,
  onState: (state: ViewersState) => void,
): Promise<void> {
  while (!signal.aborted) {
    try {
      const request = { viewerId: viewerId(window) }
      for await (const state of await client.viewers.follow(request, { signal })) onState(state)
      return
    } catch {
      // The banner of the connection tells what is wrong; without one there is nobody to share with.
      if (signal.aborted || !(await isBackAfterLoss(connection))) return
    }
  }
}
