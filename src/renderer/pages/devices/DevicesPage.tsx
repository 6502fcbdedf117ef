import { Button } from '@mantine/core'
import IconRefresh from '@tabler/icons-react/dist/esm/icons/IconRefresh.mjs'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { DevicesReport } from '../../../core/device'
import { errorLine } from '../../components/errorLine'
import { Page } from '../../components/Page'
import { Problem } from '../../components/Problem'
import { Waiting } from '../../components/Waiting'
import { useHost } from '../../host'
import { CheckList } from './CheckList'
import { CudaSetup } from './CudaSetup'
import { DeviceCard } from './DeviceCard'
import classes from './DevicesPage.module.css'
import { detectAgain, devicesQuery } from './devicesQuery'
import { DevicesVerdictLine } from './DevicesVerdictLine'
import { HostFacts } from './HostFacts'
import { ProviderList } from './ProviderList'

/** What do I have, and can it be used? */
export function DevicesPage() {
  const { t } = useTranslation(['devices', 'common'])
  const { client } = useHost()
  const queries = useQueryClient()
  const { data, error } = useQuery(devicesQuery(client))
  const detection = useMutation({ mutationFn: () => detectAgain(queries, client) })
  const problem = detection.error ?? error
  const again = (
    <Button
      variant="default"
      size="xs"
      leftSection={<IconRefresh size={14} aria-hidden />}
      loading={detection.isPending}
      onClick={() => detection.mutate()}
    >
      {t('detectAgain')}
    </Button>
  )
  if (problem)
    return (
      <Problem page={t('common:navigation.devices')} message={errorLine(problem)}>
        {again}
      </Problem>
    )
  return (
    <Page title={t('common:navigation.devices')} actions={data && again}>
      {data ? (
        <Report report={data} />
      ) : (
        <Waiting title={t('detecting')} text={t('detectingText')} />
      )}
    </Page>
  )
}

function Report({ report }: { readonly report: DevicesReport }) {
  const { t } = useTranslation(['devices', 'common'])
  return (
    <>
      <DevicesVerdictLine report={report} />
      <section aria-label={t('devicesHeading')} className={classes.cards}>
        {report.devices.map((device) => (
          <DeviceCard key={device.id} device={device} report={report} />
        ))}
      </section>
      {lacksCuda(report) && <CudaSetup />}
      <div className={classes.columns}>
        <div className={classes.column}>
          <ProviderList report={report} />
          <CheckList />
        </div>
        <HostFacts host={report.host} />
      </div>
    </>
  )
}

/** Whether there is a GPU for CUDA, and what it lacks is what a set-up brings. */
function lacksCuda({ devices, executionProviders }: DevicesReport): boolean {
  const cuda = executionProviders.find(({ name }) => name === 'cuda')
  const hasGpu = devices.some(({ kind, vendor }) => kind === 'gpu' && vendor === 'NVIDIA')
  return (
    hasGpu && cuda?.usable === false && cuda.command?.startsWith('headroom setup cuda') === true
  )
}
