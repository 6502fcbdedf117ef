import { useThrottledValue } from '@mantine/hooks'
import { memo, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { epochCount } from '../../../core/plan/trainingDefaults'
import type { Step } from '../../../core/run/record'
import { Chart } from '../../charts/Chart'
import { epochsOption, epochsTable, type EpochsLabels } from '../../charts/epochsOption'
import { legendExtraHeight } from '../../charts/legendRows'
import { useChartScheme } from '../../charts/useChartScheme'
import { Panel } from '../../components/Panel'
import { useStepName } from '../../components/useStepName'
import { tablePeriodMs } from './livePeriods'

interface TrainingPanelProps {
  readonly steps: readonly Step[]
  readonly isLive: boolean
}

/** Loss and test accuracy of every training step, epoch by epoch. */
export const TrainingPanel = memo(function TrainingPanel(props: TrainingPanelProps) {
  const { steps, isLive } = props
  const { t } = useTranslation('run')
  const scheme = useChartScheme()
  const stepName = useStepName()
  const labels = useMemo<EpochsLabels>(
    () => ({
      step: stepName,
      stepColumn: t('steps.step'),
      epoch: t('training.epoch'),
      loss: t('training.loss'),
      accuracy: t('training.accuracy'),
    }),
    [t, stepName],
  )
  const option = useMemo(
    () => epochsOption({ steps: trainingSteps(steps), labels, scheme, epochCount }),
    [steps, labels, scheme],
  )
  const listed = useThrottledValue(steps, isLive ? tablePeriodMs : 0)
  const table = useMemo(() => epochsTable(trainingSteps(listed), labels), [listed, labels])
  return (
    <Panel>
      <Chart
        title={t('training.title')}
        option={option}
        table={table}
        fileName="training"
        height={196 + legendExtraHeight(trainingSteps(steps).map(stepName))}
      />
    </Panel>
  )
}, showsTheSame)

function trainingSteps(steps: readonly Step[]): Step[] {
  return steps.filter(({ mode, outcome }) => mode === 'train' && outcome !== 'skipped')
}

/** Between two epochs everything else of a step changes ten times a second. */
function showsTheSame(before: TrainingPanelProps, now: TrainingPanelProps): boolean {
  return (
    before.isLive === now.isLive &&
    before.steps.length === now.steps.length &&
    before.steps.every(({ epochs }, i) => epochs === now.steps[i]!.epochs)
  )
}
