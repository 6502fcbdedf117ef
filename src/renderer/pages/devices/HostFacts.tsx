import { useTranslation } from 'react-i18next'
import type { DevicesReport } from '../../../core/device'
import { formatBytes } from '../../../core/units'
import { Panel } from '../../components/Panel'
import classes from './HostFacts.module.css'

export function HostFacts({ host }: { readonly host: DevicesReport['host'] }) {
  const { t } = useTranslation(['devices', 'common'])
  const facts: readonly (readonly [name: string, value: string])[] = [
    [t('host.os'), host.os],
    [t('host.cpu'), host.cpu],
    [t('host.cores'), String(host.logicalCores)],
    [t('host.memory'), formatBytes(host.memoryBytes)],
    [t('host.headroom'), host.headroomVersion],
    [t('host.onnxruntime'), host.onnxruntimeVersion ?? '—'],
  ]
  return (
    <Panel title={t('host.heading')}>
      <dl className={classes.list}>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </Panel>
  )
}
