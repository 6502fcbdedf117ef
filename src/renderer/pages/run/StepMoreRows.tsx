import { Table } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Step } from '../../../core/run/record'
import { formatDuration, formatSignificant } from '../../../core/units'
import { formatRate } from './formatRate'
import classes from './RunPage.module.css'

interface StepMoreRowsProps {
  readonly step: Step
  readonly isFocused: boolean
}

/** What else is known of a step's time, below it and in the same columns: each is what it says it is. */
export function StepMoreRows({ step, isFocused }: StepMoreRowsProps) {
  const { t } = useTranslation('run')
  const { unrolled, unrolledStep, fullDepth } = step
  return (
    <>
      {unrolledStep && (
        <MoreRow
          {...unrolledStep}
          isFocused={isFocused}
          name={t('steps.unrolled')}
          hint={t('steps.unrolledHint')}
          perSecond={unrolledStep.tokensPerSecond ?? unrolledStep.throughputPerSecond}
        />
      )}
      {unrolled && !unrolledStep && step.outcome === 'completed' && (
        <Table.Tr className={classes.more} data-focused={isFocused} title={t('steps.unrolledHint')}>
          <Table.Th scope="row" colSpan={2}>
            {t('steps.unrolled')}
          </Table.Th>
          <Table.Td colSpan={7}>{t('steps.inNoise')}</Table.Td>
        </Table.Tr>
      )}
      {fullDepth && (
        <MoreRow
          {...fullDepth}
          isFocused={isFocused}
          name={t('steps.fullDepth', { layers: fullDepth.layerCount })}
          hint={t('steps.fullDepthHint')}
          perSecond={fullDepth.tokensPerSecond}
          fractionOfPeak={null}
        />
      )}
    </>
  )
}

interface MoreRowProps {
  readonly name: string
  readonly isFocused: boolean
  /** How it is known. */
  readonly hint: string
  readonly latencyMs: number
  readonly lowMs: number
  readonly highMs: number
  readonly perSecond: number
  readonly fractionOfPeak: number | null
}

function MoreRow({ name, hint, latencyMs, lowMs, highMs, perSecond, ...row }: MoreRowProps) {
  const { i18n } = useTranslation('run')
  const { fractionOfPeak, isFocused } = row
  return (
    <Table.Tr className={classes.more} data-focused={isFocused} title={hint}>
      <Table.Th scope="row" colSpan={2}>
        {name}
      </Table.Th>
      <Table.Td ta="right" className={classes.figure}>
        {formatDuration(latencyMs)}
        <small>{` (${formatDuration(lowMs)} – ${formatDuration(highMs)})`}</small>
      </Table.Td>
      <Table.Td ta="right">{formatRate(perSecond, i18n.language)}</Table.Td>
      <Table.Td />
      <Table.Td ta="right" className={classes.figure}>
        {fractionOfPeak === null ? '' : `${formatSignificant(100 * fractionOfPeak)} %`}
      </Table.Td>
      <Table.Td colSpan={3} />
    </Table.Tr>
  )
}
