import { useThrottledValue } from '@mantine/hooks'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { RunRecord } from '../../../core/run/record'
import { Chart } from '../../charts/Chart'
import { runMemoryOption, runMemoryTable, type RunMemoryLabels } from '../../charts/runMemoryOption'
import { useChartScheme } from '../../charts/useChartScheme'
import { Panel } from '../../components/Panel'
import { useStepName } from '../../components/useStepName'
import { memorySource, runMemory } from '../../run/runMemory'
import { tablePeriodMs } from './livePeriods'

interface RunMemoryPanelProps {
  readonly record: RunRecord
  readonly isLive: boolean
  readonly className?: string | undefined
}

const heroHeight = 362

/** Measured memory over time, over what the theory stacks up. */
export function RunMemoryPanel({ record, isLive, className }: RunMemoryPanelProps) {
  const { t } = useTranslation(['run', 'common'])
  const scheme = useChartScheme()
  const stepName = useStepName()
  const source = memorySource(record)
  const labels = useMemo<RunMemoryLabels>(
    () => ({
      term: (name) => t(`common:term.${name}`),
      step: stepName,
      phase: (phase) => t(`phase.${phase as 'load'}`),
      measured: t(`memory.measured.${source}`),
      theory: t('memory.theory'),
      axis: t('memory.axis'),
      processAxis: t('memory.processAxis'),
      time: t('memory.time'),
      allocated: t('memory.allocated'),
      stepColumn: t('steps.step'),
    }),
    [t, stepName, source],
  )
  const option = useMemo(
    () => runMemoryOption({ steps: runMemory(record), labels, scheme, source }),
    [record, labels, scheme, source],
  )
  const listed = useThrottledValue(record, isLive ? tablePeriodMs : 0)
  const table = useMemo(() => runMemoryTable(runMemory(listed), labels), [listed, labels])
  return (
    <Panel className={className}>
      <Chart
        title={t(`memory.title.${source}`)}
        caption={t(`memory.caption.${source}`)}
        option={option}
        table={table}
        fileName={`memory-${record.id}`}
        height={heroHeight}
      />
    </Panel>
  )
}
