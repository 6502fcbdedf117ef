import { Button, NumberInput, Select } from '@mantine/core'
import IconRuler2 from '@tabler/icons-react/dist/esm/icons/IconRuler2.mjs'
import { type ReactNode, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { formatBytes, GiB } from '../../../../core/units'
import { Chart } from '../../../charts/Chart'
import { frontierOption, frontierTable, type FrontierLabels } from '../../../charts/frontierOption'
import { useChartScheme } from '../../../charts/useChartScheme'
import { EmptyState } from '../../../components/EmptyState'
import { Panel } from '../../../components/Panel'
import { Verdict } from '../../../components/Verdict'
import { useHost } from '../../../host'
import planClasses from '../BenchmarkPlan.module.css'
import { checkDraft } from '../draft'
import { useDraft } from '../draftStore'
import { frontierRows } from './frontierState'
import { useFrontierStore } from './frontierStore'
import classes from './Limits.module.css'

const minutes = ['1', '2', '5', '15'] as const
type Minutes = (typeof minutes)[number]

/** How far do batch and sequence length really go? Each size is tried in a process of its own. */
export function LimitsSection() {
  const { t } = useTranslation('plan')
  const { client } = useHost()
  const draft = useDraft()
  const { workload } = useMemo(() => checkDraft(draft), [draft])
  const search = useFrontierStore()
  const [limitGiB, setLimitGiB] = useState<number | ''>(1)
  const [time, setTime] = useState<Minutes>('2')
  const isText = workload !== null && workload.sequenceLength !== null

  const start = () => {
    if (!isText) return
    const memoryLimitBytes = limitGiB === '' ? null : limitGiB * GiB
    void search.start(client, { workload, memoryLimitBytes, timeLimitMs: Number(time) * 60_000 })
  }
  const button = search.isRunning ? (
    <Button variant="default" size="md" onClick={search.cancel}>
      {t('limits.cancel')}
    </Button>
  ) : (
    <Button size="md" disabled={!isText} onClick={start}>
      {t('limits.start')}
    </Button>
  )
  return (
    <div className={planClasses.layout}>
      <div className={planClasses.verdict}>
        <LimitsVerdict isText={isText} action={button} />
      </div>
      <Panel title={t('limits.form')}>
        <div className={classes.form}>
          {isText && (
            <p className={classes.note}>
              {t('limits.what', {
                network: workload.preset,
                mode: t(`limits.mode.${workload.modes[0] ?? 'infer'}`),
                precision: workload.precisions[0] ?? 'fp32',
              })}
            </p>
          )}
          <NumberInput
            label={t('limits.memory')}
            description={t('limits.memoryHint')}
            suffix=" GiB"
            min={0.01}
            max={100_000}
            decimalScale={3}
            disabled={search.isRunning}
            value={limitGiB}
            onChange={(value) => setLimitGiB(typeof value === 'number' ? value : '')}
          />
          <Select
            label={t('limits.time')}
            description={t('limits.timeHint')}
            allowDeselect={false}
            disabled={search.isRunning}
            data={minutes.map((value) => ({
              value,
              label: t('limits.minutes', { count: Number(value) }),
            }))}
            value={time}
            onChange={(value) => value && setTime(value)}
          />
        </div>
      </Panel>
      <Panel>
        {search.predicted.length === 0 ? (
          <EmptyState icon={IconRuler2} title={t('limits.empty')} text={t('limits.emptyText')} />
        ) : (
          <FrontierChart />
        )}
      </Panel>
    </div>
  )
}

interface LimitsVerdictProps {
  readonly isText: boolean
  readonly action: ReactNode
}

function LimitsVerdict({ isText, action }: LimitsVerdictProps) {
  const { t } = useTranslation('plan')
  const search = useFrontierStore()
  const { isRunning, problem, attempts, report } = search
  if (problem !== null) {
    return (
      <Verdict tone="bad" action={action}>
        {problem}
      </Verdict>
    )
  }
  if (isRunning) {
    const last = attempts.at(-1)
    return (
      <Verdict
        tone="neutral"
        action={action}
        detail={
          last ? t(last.fits ? 'limits.lastRan' : 'limits.lastFailed', tried(last)) : undefined
        }
      >
        {t('limits.running', { count: attempts.length })}
      </Verdict>
    )
  }
  const rows = frontierRows(search).filter(({ largest }) => largest !== null)
  const own = rows.find((row) => row.sequenceLength === report?.workload.sequenceLength) ?? rows[0]
  if (!own) {
    return (
      <Verdict tone={attempts.length > 0 ? 'bad' : 'neutral'} action={action}>
        {attempts.length > 0 ? t('limits.nothingRan') : t(isText ? 'limits.ask' : 'limits.images')}
      </Verdict>
    )
  }
  return (
    <Verdict
      tone={report?.isComplete ? 'good' : 'warn'}
      action={action}
      detail={t(report?.isComplete ? 'limits.within' : 'limits.unfinished', {
        limit: formatBytes(search.limitBytes),
        count: attempts.length,
      })}
    >
      {t('limits.verdict', {
        largest: own.largest,
        predicted: own.predicted,
        sequenceLength: own.sequenceLength,
      })}
    </Verdict>
  )
}

const tried = ({ size, sequenceLength }: { size: number; sequenceLength: number }) => ({
  batch: size,
  sequenceLength,
})

function FrontierChart() {
  const { t } = useTranslation('plan')
  const scheme = useChartScheme()
  const search = useFrontierStore()
  const labels = useMemo(
    (): FrontierLabels => ({
      sequenceLength: t('limits.axis.sequenceLength'),
      batch: t('limits.axis.batch'),
      predicted: t('limits.axis.predicted'),
      largest: t('limits.axis.largest'),
      ran: t('limits.axis.ran'),
      tooLarge: t('limits.axis.tooLarge'),
    }),
    [t],
  )
  const rows = useMemo(() => frontierRows(search), [search])
  const { attempts } = search
  const option = useMemo(
    () => frontierOption({ rows, attempts, labels, scheme }),
    [rows, attempts, labels, scheme],
  )
  return (
    <Chart
      title={t('limits.title', { limit: formatBytes(search.limitBytes) })}
      caption={t('limits.caption')}
      option={option}
      table={frontierTable(rows, labels)}
      fileName="headroom-frontier"
      height={360}
    />
  )
}
