import { useThrottledValue } from '@mantine/hooks'
import { memo, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { lossCut } from '../../../core/report/lossCut'
import { lossSeries } from '../../../core/report/lossSeries'
import type { Step } from '../../../core/run/record'
import { formatSignificant } from '../../../core/units'
import { Chart } from '../../charts/Chart'
import { lossOption, lossTable, type LossLabels } from '../../charts/lossOption'
import { legendExtraHeight } from '../../charts/legendRows'
import { useChartScheme } from '../../charts/useChartScheme'
import { Panel } from '../../components/Panel'
import { tablePeriodMs } from './livePeriods'

interface LossPanelProps {
  readonly steps: readonly Step[]
  /** Optimizer steps of each training. */
  readonly stepCount: number | null
  readonly isLive: boolean
}

/** Loss of every optimizer step and on the validation split, all precisions over the same batches. */
export const LossPanel = memo(function LossPanel({ steps, stepCount, isLive }: LossPanelProps) {
  const { t } = useTranslation('run')
  const scheme = useChartScheme()
  const series = useMemo(() => lossSeries(steps), [steps])
  // While losses come in, the whole of their fall is what is looked at, and nothing is to jump.
  const cut = useMemo(() => (isLive ? null : lossCut(series)), [isLive, series])
  const labels = useMemo<LossLabels>(
    () => ({
      steps: cut ? t('loss.stepsCut', { step: cut.fromStep }) : t('loss.steps'),
      loss: t('loss.axis'),
      training: t('loss.training'),
      validation: t('loss.validation'),
      precision: t('loss.precision'),
    }),
    [t, cut],
  )
  const option = useMemo(
    () => lossOption({ series, labels, scheme, stepCount, topLoss: cut?.topLoss ?? null }),
    [series, labels, scheme, stepCount, cut],
  )
  const listed = useThrottledValue(series, isLive ? tablePeriodMs : 0)
  const table = useMemo(() => lossTable(listed, labels), [listed, labels])
  const newest = series.map(({ label, validation }) => {
    const [, loss] = validation.at(-1)!
    return `${label} ${formatSignificant(Number(loss.toPrecision(3)))}`
  })
  return (
    <Panel>
      <Chart
        title={t('loss.title')}
        // A space where nothing is to be said yet: the chart below must not jump.
        caption={newest.length > 0 ? t('loss.newest', { losses: newest.join(' · ') }) : '\u00A0'}
        option={option}
        table={table}
        fileName="loss"
        height={178 + legendExtraHeight(series.map(({ label }) => label))}
      />
    </Panel>
  )
}, showsTheSame)

/** Between two messages about the loss everything else of a step changes ten times a second. */
function showsTheSame(before: LossPanelProps, now: LossPanelProps): boolean {
  return (
    before.isLive === now.isLive &&
    before.stepCount === now.stepCount &&
    before.steps.length === now.steps.length &&
    before.steps.every(({ loss, validation }, i) => {
      const other = now.steps[i]!
      return loss === other.loss && validation === other.validation
    })
  )
}
