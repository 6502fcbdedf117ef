import { useTranslation } from 'react-i18next'
import { noFastFigures } from '../../../core/monitor/figures'
import { memoryTruth, type TruthTerm } from '../../../core/monitor/memoryTruth'
import {
  latestFast,
  latestHost,
  latestSlow,
  type MonitoredGpu,
  type MonitorState,
} from '../../../core/monitor/monitorState'
import { formatBytes } from '../../../core/units'
import { occupancyColours } from '../../charts/colours'
import { Bar } from '../../components/Bar'
import { Panel } from '../../components/Panel'
import classes from './MonitorPage.module.css'

interface TruthLineProps {
  readonly state: MonitorState
  readonly gpu: MonitoredGpu
}

const parts = ['driverReserve', 'otherProcesses', 'own', 'spill'] as const
const colours = {
  driverReserve: occupancyColours.driverReserve,
  otherProcesses: occupancyColours.others,
  own: occupancyColours.own,
  spill: occupancyColours.spill,
} as const

/** Total − driver − others − spill = usable, each with how it is known. */
export function TruthLine({ state, gpu }: TruthLineProps) {
  const { t } = useTranslation('monitor')
  const figures = latestFast(state, gpu.id) ?? noFastFigures
  const processes = latestSlow(state, gpu.id)?.processes ?? null
  const truth = memoryTruth(figures, processes, new Set(latestHost(state)?.ownPids))
  const bytes = (term: TruthTerm) => formatBytes(term.bytes)
  return (
    <Panel title={t('truth.heading')}>
      <Bar
        height={14}
        max={truth.total.bytes ?? 1}
        label={t('truth.line', {
          total: bytes(truth.total),
          driverReserve: bytes(truth.driverReserve),
          otherProcesses: bytes(truth.otherProcesses),
          spill: bytes(truth.spill),
          usable: formatBytes(truth.usableBytes),
        })}
        parts={parts.map((key) => ({ key, value: truth[key].bytes ?? 0, colour: colours[key] }))}
      />
      <dl className={classes.truth}>
        <Term name={t('truth.total')} term={truth.total} />
        {parts.map((key) => (
          <Term
            key={key}
            sign={key === 'own' ? '' : '−'}
            colour={colours[key]}
            name={t(`truth.${key}`)}
            term={truth[key]}
          />
        ))}
        <div className={classes.usable}>
          <dt>= {t('truth.usable')}</dt>
          <dd>{formatBytes(truth.usableBytes)}</dd>
        </div>
      </dl>
      {truth.unattributedBytes !== null && truth.unattributedBytes > 0 && (
        <p className={classes.note}>
          {t('truth.unattributed', { bytes: formatBytes(truth.unattributedBytes) })}
        </p>
      )}
    </Panel>
  )
}

interface TermProps {
  readonly name: string
  readonly term: TruthTerm
  readonly colour?: string
  readonly sign?: string
}

function Term({ name, term, colour, sign = '' }: TermProps) {
  const { t } = useTranslation('monitor')
  return (
    <div>
      <dt>
        {colour && <span className={classes.swatch} style={{ background: colour }} aria-hidden />}
        {sign} {name}
      </dt>
      <dd>{formatBytes(term.bytes)}</dd>
      <dd className={classes.method}>{t(`truth.method.${term.method}`)}</dd>
    </div>
  )
}
