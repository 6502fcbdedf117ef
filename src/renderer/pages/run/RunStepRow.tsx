import { Table, UnstyledButton } from '@mantine/core'
import type { TFunction } from 'i18next'
import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import type { LossScaling, Step } from '../../../core/run/record'
import { finalValidationLoss } from '../../../core/compare/comparePrecisions'
import { optionalFigure } from '../../../core/report/figures'
import { formatBytes, formatDuration, formatSignificant } from '../../../core/units'
import { stepColour } from '../../charts/colours'
import { useChartScheme } from '../../charts/useChartScheme'
import { Bar } from '../../components/Bar'
import { OutcomeBadge } from '../../components/OutcomeBadge'
import { useReportWords } from '../../components/useReportWords'
import { useStepName } from '../../components/useStepName'
import { formatRate } from './formatRate'
import classes from './RunPage.module.css'
import { recentMedian, testAccuracy } from './stepFigures'

interface RunStepRowProps {
  readonly step: Step
  readonly index: number
  /** Which way of training it is: its colour in the charts. */
  readonly variant: number
  readonly isFocused: boolean
  readonly onFocus: (index: number) => void
  /** Samples per second of this moment, while the step runs. */
  readonly nowPerSecond: number | null
  /** What a full bar stands for. */
  readonly fastestPerSecond: number
}

const columnsAfterOutcome = 7

/** Rows whose step did not change are not drawn again. */
export const RunStepRow = memo(function RunStepRow(props: RunStepRowProps) {
  const { step, index, isFocused, onFocus } = props
  const { note } = useReportWords()
  const stepName = useStepName()
  const failed = step.reason !== undefined && step.outcome !== 'completed'
  return (
    <Table.Tr data-focused={isFocused} data-running={step.outcome === 'running'}>
      <Table.Th scope="row">
        <UnstyledButton
          className={classes.stepName}
          aria-pressed={isFocused}
          onClick={() => onFocus(index)}
        >
          {stepName(step)}
        </UnstyledButton>
        {step.lossScaling && <LossScalingLine {...step.lossScaling} />}
      </Table.Th>
      <Table.Td>
        <OutcomeBadge outcome={step.outcome} />
      </Table.Td>
      {failed ? (
        <Table.Td colSpan={columnsAfterOutcome} className={classes.reason}>
          {note(step.reason!)}
        </Table.Td>
      ) : (
        <Figures {...props} />
      )}
    </Table.Tr>
  )
})

/** What did not fit into fp16 while it trained. */
function LossScalingLine({ overflowSteps, underflowedElements }: LossScaling) {
  const { t, i18n } = useTranslation('run')
  const parts = [
    ...(overflowSteps > 0 ? [t('steps.overflow', { count: overflowSteps })] : []),
    ...((underflowedElements ?? 0) > 0
      ? [t('steps.underflow', { elements: formatRate(underflowedElements!, i18n.language) })]
      : []),
  ]
  if (parts.length === 0) return null
  return <span className={classes.scaling}>{parts.join(' · ')}</span>
}

function Figures({ step, variant, nowPerSecond, fastestPerSecond }: RunStepRowProps) {
  const { t, i18n } = useTranslation('run')
  const scheme = useChartScheme()
  const { latencyMs, memory } = step
  const perSecond = step.throughputPerSecond ?? nowPerSecond
  // Text is counted in tokens.
  const unitsPerSample = step.sequenceLength ?? 1
  const { measured, theory, unexplainedBytes } = memory
  return (
    <>
      <Table.Td ta="right" className={classes.figure}>
        {latencyMs ? (
          <>
            {formatDuration(latencyMs.median)}
            <small> ± {formatHalfWidth(latencyMs)}</small>
          </>
        ) : (
          <span className={classes.now}>{formatDuration(recentMedian(step))}</span>
        )}
      </Table.Td>
      <Table.Td>
        <span className={classes.throughput}>
          <Bar
            height={10}
            max={Math.max(1, fastestPerSecond)}
            label=""
            parts={[
              {
                key: step.precision,
                value: perSecond ?? 0,
                colour: stepColour(scheme, step.precision, variant),
              },
            ]}
          />
          <span className={step.throughputPerSecond === null ? classes.now : undefined}>
            {perSecond === null ? '—' : formatRate(perSecond * unitsPerSample, i18n.language)}
          </span>
        </span>
      </Table.Td>
      <Table.Td ta="right">
        {step.sequenceLength === null
          ? formatAccuracy(testAccuracy(step))
          : optionalFigure(finalValidationLoss(step))}
      </Table.Td>
      <Table.Td ta="right" className={classes.figure} title={peakHint(step, t)}>
        {step.fractionOfPeak === null ? '—' : `${formatSignificant(100 * step.fractionOfPeak)} %`}
      </Table.Td>
      <Table.Td ta="right" className={classes.figure}>
        {formatBytes(theory?.peakBytes ?? null)}
      </Table.Td>
      <Table.Td ta="right" className={classes.figure} title={besideHint(memory, t)}>
        {formatBytes(measured?.allocatedPeakBytes ?? null)}
      </Table.Td>
      <Table.Td ta="right" className={classes.figure}>
        {formatBytes(unexplainedBytes)}
      </Table.Td>
    </>
  )
}

/** What is held beside the tensors that ONNX Runtime counts. */
function besideHint({ arenaSlackBytes, contextBytes }: Step['memory'], t: TFunction<'run'>) {
  return t('steps.besideHint', {
    slack: formatBytes(arenaSlackBytes),
    beside: formatBytes(contextBytes),
  })
}

function formatAccuracy(accuracy: number | null): string {
  return accuracy === null ? '—' : `${(100 * accuracy).toFixed(1)} %`
}

/** What the fraction is of: both rates, and how the peak was taken. */
function peakHint({ flopsPerSecond, devicePeak }: Step, t: TFunction<'run'>): string | undefined {
  if (flopsPerSecond === null || devicePeak === null) return undefined
  return t('steps.peakHint', {
    reached: formatSignificant(flopsPerSecond / 1e9),
    peak: formatSignificant(devicePeak.flopsPerSecond / 1e9),
    copy: formatSignificant(devicePeak.bytesPerSecond / 1e9),
    source: devicePeak.source,
  })
}

/** Half of the interval with two digits: its third is noise itself. */
function formatHalfWidth({ ciLow, ciHigh }: { ciLow: number; ciHigh: number }): string {
  return formatDuration(Number(((ciHigh - ciLow) / 2).toPrecision(2)))
}
