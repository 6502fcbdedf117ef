import { Text } from '@mantine/core'
import IconCircleCheck from '@tabler/icons-react/dist/esm/icons/IconCircleCheck.mjs'
import IconCircleDashed from '@tabler/icons-react/dist/esm/icons/IconCircleDashed.mjs'
import { useTranslation } from 'react-i18next'
import type { DevicesReport, ProviderStatus } from '../../../core/device'
import { Panel } from '../../components/Panel'
import { useSentence } from '../../sentences/useSentence'
import { Command } from './Command'
import classes from './DevicesPage.module.css'

/** Every provider: usable, or its missing piece and what to do about it. */
export function ProviderList({ report }: { readonly report: DevicesReport }) {
  const { t } = useTranslation(['devices', 'common'])
  const nameOf = (id: string | null) => report.devices.find((device) => device.id === id)?.name
  const sorted = report.executionProviders.toSorted((a, b) => Number(b.usable) - Number(a.usable))
  return (
    <Panel title={t('providers.heading')}>
      <Text c="dimmed">{t('providers.hint')}</Text>
      <ul className={classes.providers}>
        {sorted.map((provider) => (
          <Provider key={provider.name} provider={provider} device={nameOf(provider.deviceId)} />
        ))}
      </ul>
    </Panel>
  )
}

interface ProviderProps {
  readonly provider: ProviderStatus
  readonly device: string | undefined
}

function Provider({ provider, device }: ProviderProps) {
  const { t } = useTranslation(['devices', 'common'])
  const say = useSentence('devices')
  const { name, usable, reason, fix, command, details } = provider
  const Icon = usable ? IconCircleCheck : IconCircleDashed
  const usableText = device ? t('providers.usable', { device }) : t('providers.usableSomewhere')
  const why = reason === null ? t('common:unknown') : say(reason)
  return (
    <li className={classes.provider} data-usable={usable}>
      <Icon size={17} aria-hidden />
      <span className={classes.providerName} data-usable={usable}>
        {name}
      </span>
      <div>
        {usable ? usableText : t('providers.unusable', { reason: why })}
        {fix && (
          <p className={classes.fix}>
            <strong>{t('providers.fix')}</strong>
            {say(fix)}
          </p>
        )}
        {command && <Command command={command} />}
        {details && (
          <details className={classes.details}>
            <summary>{t('providers.details')}</summary>
            <pre>{details}</pre>
          </details>
        )}
      </div>
    </li>
  )
}
