import { Tooltip } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { decodeClockReasons } from '../../../core/monitor/clockReasons'
import { noSlowFigures } from '../../../core/monitor/figures'
import {
  latestFast,
  latestSlow,
  type MonitoredGpu,
  type MonitorState,
} from '../../../core/monitor/monitorState'
import { formatBytes, formatSignificant } from '../../../core/units'
import { Panel } from '../../components/Panel'
import classes from './MonitorPage.module.css'
import { useSources } from './useSources'

interface SlowFactsProps {
  readonly state: MonitorState
  readonly gpu: MonitoredGpu
}

/** What is asked once a second, and what hardly changes. */
export function SlowFacts({ state, gpu }: SlowFactsProps) {
  const { t } = useTranslation('monitor')
  const { name: source, slowPeriod: period } = useSources(state, gpu)
  const slow = latestSlow(state, gpu.id) ?? noSlowFigures
  const bits = latestFast(state, gpu.id)?.clocksEventReasons ?? null
  const reasons =
    bits === null ? null : decodeClockReasons(bits).map((reason) => t(`reason.${reason}`))
  const { pcieGeneration, pcieGenerationMax, pcieWidth, pcieWidthMax, migEnabled } = slow
  const link = { generation: pcieGeneration ?? '—', width: pcieWidth ?? '—' }
  const isLinkKnown = pcieGeneration !== null || pcieWidth !== null
  const isLimitKnown = pcieGenerationMax !== null && pcieWidthMax !== null
  const facts: readonly (readonly [name: string, value: string | null])[] = [
    [t('slow.driver'), gpu.driverVersion],
    [t('slow.reasons'), reasons && (reasons.join(', ') || t('slow.noReason'))],
    [
      t('slow.clockLimits'),
      slow.smClockMaxMHz === null
        ? null
        : t('slow.clockLimitsValue', {
            sm: withUnit(slow.smClockMaxMHz, 'MHz'),
            memory: withUnit(slow.memoryClockMaxMHz, 'MHz') ?? '—',
          }),
    ],
    [t('slow.energy'), energyText(slow.energyJoules)],
    [t('slow.fan'), withUnit(slow.fanPercent, '%')],
    [
      t('slow.pcieLink'),
      !isLinkKnown
        ? null
        : isLimitKnown
          ? t('slow.pcieLinkOf', {
              ...link,
              generationMax: pcieGenerationMax,
              widthMax: pcieWidthMax,
            })
          : t('slow.pcieLinkValue', link),
    ],
    [t('slow.pcieSent'), rateText(slow.pcieSentBytesPerSecond)],
    [t('slow.pcieReceived'), rateText(slow.pcieReceivedBytesPerSecond)],
    [t('slow.mig'), migEnabled === null ? null : t(migEnabled ? 'slow.on' : 'slow.off')],
    [t('slow.xid'), slow.xid === null ? t('slow.noXid') : String(slow.xid)],
  ]
  const mayBeLate = state.samplers.some(({ scheduling }) => scheduling === 'usual')
  return (
    <Panel title={t('slow.heading')}>
      <dl className={classes.facts}>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              {value ?? (
                <Tooltip label={t('slow.notReported', { source })}>
                  <span>—</span>
                </Tooltip>
              )}
            </dd>
          </div>
        ))}
      </dl>
      <p className={classes.note}>{t('chart.caption', { source, period })}</p>
      {mayBeLate && <p className={classes.note}>{t('slow.mayBeLate')}</p>}
    </Panel>
  )
}

function withUnit(value: number | null, unit: string): string | null {
  return value === null ? null : `${formatSignificant(value)} ${unit}`
}

const joulesPerKilowattHour = 3.6e6

function energyText(joules: number | null): string | null {
  return joules === null ? null : `${formatSignificant(joules / joulesPerKilowattHour)} kWh`
}

function rateText(bytesPerSecond: number | null): string | null {
  return bytesPerSecond === null ? null : `${formatBytes(bytesPerSecond)}/s`
}
