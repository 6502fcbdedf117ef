import { Text, VisuallyHidden } from '@mantine/core'
import IconAlertTriangle from '@tabler/icons-react/dist/esm/icons/IconAlertTriangle.mjs'
import IconCircleCheck from '@tabler/icons-react/dist/esm/icons/IconCircleCheck.mjs'
import IconCircleDashed from '@tabler/icons-react/dist/esm/icons/IconCircleDashed.mjs'
import IconCircleX from '@tabler/icons-react/dist/esm/icons/IconCircleX.mjs'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { DoctorCheck } from '../../../core/doctor/doctorReport'
import { errorLine } from '../../components/errorLine'
import { Panel } from '../../components/Panel'
import { useHost } from '../../host'
import { useSentence } from '../../sentences/useSentence'
import { Command } from './Command'
import classes from './DevicesPage.module.css'
import { doctorQuery } from './devicesQuery'

const icons = {
  ok: IconCircleCheck,
  warning: IconAlertTriangle,
  failed: IconCircleX,
  absent: IconCircleDashed,
} as const

/** What the doctor looks at besides the providers: what is wrong, and the one command that mends it. */
export function CheckList() {
  const { t } = useTranslation('devices')
  const { client } = useHost()
  const { data, error } = useQuery(doctorQuery(client))
  return (
    <Panel title={t('checks.heading')}>
      <Text c="dimmed">{t('checks.hint')}</Text>
      {error && (
        <Text c="var(--headroom-bad)" mt="xs" role="alert">
          {errorLine(error)}
        </Text>
      )}
      {!data && !error && <output>{t('checks.checking')}</output>}
      <ul className={classes.providers}>
        {data?.checks.map((check) => (
          <Check key={check.name} check={check} />
        ))}
      </ul>
    </Panel>
  )
}

function Check({ check }: { readonly check: DoctorCheck }) {
  const { t } = useTranslation('devices')
  const say = useSentence('devices')
  const { name, status, found, fix, command } = check
  const Icon = icons[status]
  return (
    <li className={classes.provider} data-status={status}>
      <Icon size={17} aria-hidden />
      <span className={classes.providerName}>
        {t(`checks.name.${name}`)}
        <VisuallyHidden>: {t(`checks.status.${status}`)}</VisuallyHidden>
      </span>
      <div>
        {say(found)}
        {fix && (
          <p className={classes.fix}>
            <strong>{t('providers.fix')}</strong>
            {say(fix)}
          </p>
        )}
        {command && <Command command={command} />}
      </div>
    </li>
  )
}
