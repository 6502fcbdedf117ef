import { notifications } from '@mantine/notifications'
import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { Workload } from '../../../core/plan/workload'
import { busyRunId } from '../../components/errorLine'
import { useHost } from '../../host'
import { useRuns } from '../../run/useRun'

/** Starts a run and shows it; where another is going on, shows that one. */
export function useStartRun() {
  const { t } = useTranslation('plan')
  const { client } = useHost()
  const runs = useRuns()
  const navigate = useNavigate()
  return useMutation({
    async mutationFn(workload: Workload) {
      try {
        return (await client.runs.start(workload)).id
      } catch (error) {
        const other = busyRunId(error)
        if (other === null) throw error
        notifications.show({ message: t('busy') })
        return other
      }
    },
    onSuccess(id) {
      void runs.follow(id)
      void navigate({ to: '/run' })
    },
  })
}
