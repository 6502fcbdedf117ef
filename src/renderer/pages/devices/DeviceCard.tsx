import { Badge, Title, Tooltip } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { type Device, type DevicesReport, isStandIn } from '../../../core/device'
import { formatBytes } from '../../../core/units'
import { Bar } from '../../components/Bar'
import classes from './DevicesPage.module.css'

interface DeviceCardProps {
  readonly device: Device
  readonly report: DevicesReport
}

export function DeviceCard({ device, report }: DeviceCardProps) {
  const { t } = useTranslation(['devices', 'common'])
  const providers = report.executionProviders
    .filter(({ usable, deviceId }) => usable && deviceId === device.id)
    .map(({ name }) => name)
  return (
    <article className={classes.card} aria-label={device.name}>
      <div className={classes.cardHeading}>
        <Title order={2}>{device.name}</Title>
        {isStandIn(device) && (
          <Tooltip label={t('device.standInHint')}>
            <Badge color="orange" autoContrast>
              {t('device.standIn')}
            </Badge>
          </Tooltip>
        )}
        <Badge variant="default">{t(`device.${device.kind}`)}</Badge>
      </div>
      <MemoryBar device={device} />
      <dl className={classes.facts}>
        <Fact name={t('device.providers')} value={providers.join(', ') || t('device.none')} />
        {device.vendor && <Fact name={t('device.vendor')} value={device.vendor} />}
        {device.kind === 'gpu' ? (
          <>
            <Fact name={t('device.driver')} value={device.driverVersion} source={device.source} />
            <Fact
              name={t('device.computeCapability')}
              value={device.computeCapability}
              source={device.source}
            />
            <Fact
              name={t('device.powerLimit')}
              value={device.powerLimitWatts === null ? null : `${device.powerLimitWatts} W`}
              source={device.source}
            />
          </>
        ) : (
          <Fact name={t('device.cores')} value={String(report.host.logicalCores)} />
        )}
      </dl>
      <p className={classes.source}>{t('device.source', { source: device.source })}</p>
    </article>
  )
}

function MemoryBar({ device }: { readonly device: Device }) {
  const { t } = useTranslation(['devices', 'common'])
  const { name, memoryTotalBytes: total, memoryFreeBytes: free, unifiedMemory } = device
  const used = total === null || free === null ? null : total - free
  return (
    <div>
      <div className={classes.amounts}>
        <span>
          {used !== null && t('device.used', { bytes: formatBytes(used) })}
          {used === null && t('device.memory')}
        </span>
        {free !== null && <strong>{t('device.free', { bytes: formatBytes(free) })}</strong>}
        <span>
          {t('device.total', { bytes: formatBytes(total) })}
          {unifiedMemory && device.kind === 'gpu' && `, ${t('device.unified')}`}
        </span>
      </div>
      <Bar
        parts={[{ key: 'used', value: used ?? 0, colour: 'var(--mantine-color-ink-5)' }]}
        max={total ?? 1}
        label={t('device.memoryOf', {
          name,
          used: formatBytes(used),
          free: formatBytes(free),
          total: formatBytes(total),
        })}
      />
    </div>
  )
}

interface FactProps {
  readonly name: string
  readonly value: string | null
  readonly source?: string
}

function Fact({ name, value, source }: FactProps) {
  const { t } = useTranslation(['devices', 'common'])
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        {value ?? (
          <Tooltip label={t('device.notReported', { source })}>
            <span>—</span>
          </Tooltip>
        )}
      </dd>
    </div>
  )
}
