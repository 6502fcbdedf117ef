import { networkName } from '../../../core/plan/networkName'
import { Table } from '@mantine/core'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { compareRuns } from '../../../core/compare/compareRuns'
import type { Comparison, MetricVerdict } from '../../../core/compare/comparison'
import { describeComparison, type ComparisonRow } from '../../../core/report/describeComparison'
import { stepLabel } from '../../../core/report/stepLabel'
import type { RunRecord } from '../../../core/run/record'
import { Chart } from '../../charts/Chart'
import { latencyRatioOption, latencyRatioTable } from '../../charts/latencyRatioOption'
import { useChartScheme } from '../../charts/useChartScheme'
import { Panel } from '../../components/Panel'
import { Scroller } from '../../components/Scroller'
import { StatusBadge } from '../../components/StatusBadge'
import { Verdict, type Tone } from '../../components/Verdict'
import { useReportWords } from '../../components/useReportWords'
import { formatTime } from '../history/formatTime'
import classes from './ComparePage.module.css'
import { comparisonTones } from './comparisonTone'
import { LedgerPanel } from './LedgerPanel'
import { ReportTableView } from './ReportTableView'

interface RunComparisonViewProps {
  /** A. */
  readonly base: RunRecord
  /** B, judged against A. */
  readonly run: RunRecord
}

/** Two runs side by side: what got better or worse, and where nothing can be told. */
export function RunComparisonView({ base, run }: RunComparisonViewProps) {
  const { t } = useTranslation('compare')
  const words = useReportWords()
  const comparison = useMemo(() => compareRuns(base, run), [base, run])
  const { verdict, rows, remarks } = useMemo(
    () => describeComparison(comparison, words),
    [comparison, words],
  )
  const { environment, unmatched } = comparison
  return (
    <>
      <Verdict
        tone={comparisonTones[comparison.verdict]}
        detail={`A: ${nameOf(base)} · B: ${nameOf(run)}`}
      >
        {verdict}
      </Verdict>
      <LatencyRatios comparison={comparison} stepName={(step) => stepLabel(step, words)} />
      {rows.length > 0 && (
        <Panel title={t('steps')}>
          <MetricTable rows={rows} label={t('steps')} />
          {[base, run].some(({ workload }) => workload.profile === 'quick') && (
            <p className={classes.paragraph}>{t('oneProcess')}</p>
          )}
          {unmatched.length > 0 && (
            <p className={classes.paragraph}>{t('unmatched', { count: unmatched.length })}</p>
          )}
        </Panel>
      )}
      {remarks.length > 0 && (
        <Panel title={t('remarks')}>
          <ul className={classes.notes}>
            {remarks.map((remark) => (
              <li key={remark}>{remark}</li>
            ))}
          </ul>
        </Panel>
      )}
      <LedgerPanel comparison={comparison} />
      {environment.length > 0 && (
        <Panel title={t('environment')}>
          <p className={classes.paragraph}>{t('environmentDetail')}</p>
          <ReportTableView
            label={t('environment')}
            table={{
              columns: [t('environmentName'), t('runA'), t('runB')].map((label) => ({
                label,
                isFigure: false,
              })),
              rows: environment.map(({ name, a, b }) => [name, a ?? '—', b ?? '—']),
            }}
          />
        </Panel>
      )}
    </>
  )
}

function nameOf({ startedAt, workload, device }: RunRecord): string {
  return `${formatTime(startedAt)}, ${networkName(workload)}, ${device.name}`
}

interface LatencyRatiosProps {
  readonly comparison: Comparison
  readonly stepName: (step: Comparison['steps'][number]) => string
}

function LatencyRatios({ comparison, stepName }: LatencyRatiosProps) {
  const { t } = useTranslation('compare')
  const scheme = useChartScheme()
  const rows = comparison.steps.flatMap((step) => {
    const latency = step.metrics.find(({ name }) => name === 'latencyMs')
    if (!latency) return []
    const { ratio, ciLow, ciHigh } = latency
    if (ratio === null || ciLow === null || ciHigh === null) return []
    return [{ label: stepName(step), ratio, ciLow, ciHigh }]
  })
  if (rows.length === 0) return null
  const columns = [t('column.step'), t('column.ratio'), t('column.ciLow'), t('column.ciHigh')]
  return (
    <Panel>
      <Chart
        title={t('chart.ratio')}
        caption={t('chart.ratioCaption')}
        option={latencyRatioOption(rows, { axis: t('chart.ratioAxis') }, scheme)}
        table={latencyRatioTable(rows, { columns })}
        fileName="headroom-latency-ratio"
        height={60 + 30 * rows.length}
      />
    </Panel>
  )
}

const metricTones: Readonly<Record<MetricVerdict, Tone>> = {
  better: 'good',
  worse: 'bad',
  noSignificantDifference: 'neutral',
  notCompared: 'neutral',
}

interface MetricTableProps {
  readonly rows: readonly ComparisonRow[]
  readonly label: string
}

function MetricTable({ rows, label }: MetricTableProps) {
  const { t } = useTranslation('compare')
  return (
    <Scroller label={label} className={classes.scroller}>
      <Table aria-label={label} verticalSpacing={4} className={classes.table}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{t('column.step')}</Table.Th>
            <Table.Th scope="col">{t('column.metric')}</Table.Th>
            {[t('runA'), t('runB'), t('column.change')].map((heading) => (
              <Table.Th key={heading} scope="col" data-number>
                {heading}
              </Table.Th>
            ))}
            <Table.Th scope="col">{t('column.verdict')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row, index) => (
            <Table.Tr key={`${row.step} ${row.metric}`}>
              {rows[index - 1]?.step !== row.step && (
                <Table.Th
                  scope="rowgroup"
                  rowSpan={rows.filter(({ step }) => step === row.step).length}
                >
                  {row.step}
                </Table.Th>
              )}
              <Table.Td>{row.metric}</Table.Td>
              <Table.Td data-number>{row.a}</Table.Td>
              <Table.Td data-number>{row.b}</Table.Td>
              <Table.Td data-number>{row.change}</Table.Td>
              <Table.Td>
                <StatusBadge tone={metricTones[row.verdict]}>{row.verdictText}</StatusBadge>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Scroller>
  )
}
