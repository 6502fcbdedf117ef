import { Button, Group } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import IconPlayerPlay from '@tabler/icons-react/dist/esm/icons/IconPlayerPlay.mjs'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { EmptyState } from '../../components/EmptyState'
import { errorLine } from '../../components/errorLine'
import { useHost } from '../../host'
import { useRuns } from '../../run/useRun'

/** Nothing runs: the way to the plan, and to the last run where there is one. */
export function RunEmpty() {
  const { t } = useTranslation('run')
  const { client } = useHost()
  const runs = useRuns()
  const { data: history } = useQuery({
    queryKey: ['history'],
    queryFn: () => client.history.list(),
  })
  const last = history?.find(({ otherVersion }) => !otherVersion)
  const show = useMutation({
    mutationFn: (id: string) => client.history.get({ id }),
    onSuccess: (record) => runs.show(record),
    onError: (error) =>
      notifications.show({
        color: 'red',
        title: t('empty.notShown'),
        message: errorLine(error),
        autoClose: false,
      }),
  })
  return (
    <EmptyState icon={IconPlayerPlay} title={t('empty.title')} text={t('empty.text')}>
      <Group gap="xs" justify="center">
        <Button renderRoot={(props) => <Link {...props} to={'/plan' as never} />}>
          {t('empty.plan')}
        </Button>
        {last && (
          <Button variant="default" loading={show.isPending} onClick={() => show.mutate(last.id)}>
            {t('empty.showLast')}
          </Button>
        )}
      </Group>
    </EmptyState>
  )
}
