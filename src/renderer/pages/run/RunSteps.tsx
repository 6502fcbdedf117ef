import { Table } from '@mantine/core'
import { Fragment } from 'react'
import { useTranslation } from 'react-i18next'
import { trainingVariants } from '../../../core/report/trainingVariants'
import type { Step } from '../../../core/run/record'
import { Panel } from '../../components/Panel'
import classes from './RunPage.module.css'
import { RunStepRow } from './RunStepRow'
import { StepMoreRows } from './StepMoreRows'

interface RunStepsProps {
  readonly steps: readonly Step[]
  /** Whether samples are sequences of tokens, rather than images. */
  readonly isText: boolean
  /** Of the running step, now. */
  readonly throughputPerSecond: number | null
  /** Index of the step whose samples are shown. */
  readonly focus: number
  readonly onFocus: (index: number) => void
}

/** Every step with how it ends and what came out, the skipped ones with their reason. */
export function RunSteps({ steps, isText, throughputPerSecond, focus, onFocus }: RunStepsProps) {
  const { t } = useTranslation('run')
  const variantOf = trainingVariants(steps)
  const fastest = Math.max(
    0,
    ...steps.map((step) => step.throughputPerSecond ?? 0),
    throughputPerSecond ?? 0,
  )
  return (
    <Panel title={t('steps.heading')}>
      <div className={classes.scroll}>
        <Table className={classes.steps} aria-label={t('steps.heading')}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">{t('steps.step')}</Table.Th>
              <Table.Th scope="col">{t('steps.outcome')}</Table.Th>
              <Table.Th scope="col" ta="right">
                {t('steps.latency')}
              </Table.Th>
              <Table.Th scope="col">{t(isText ? 'steps.tokens' : 'steps.throughput')}</Table.Th>
              <Table.Th scope="col" ta="right">
                {t(isText ? 'steps.validationLoss' : 'steps.accuracy')}
              </Table.Th>
              <Table.Th scope="col" ta="right">
                {t('steps.ofPeak')}
              </Table.Th>
              <Table.Th scope="col" ta="right">
                {t('steps.theory')}
              </Table.Th>
              <Table.Th scope="col" ta="right">
                {t('steps.measured')}
              </Table.Th>
              <Table.Th scope="col" ta="right">
                {t('steps.unexplained')}
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {steps.map((step, index) => (
              <Fragment key={index}>
                <RunStepRow
                  step={step}
                  index={index}
                  variant={variantOf(step)}
                  isFocused={index === focus}
                  onFocus={onFocus}
                  nowPerSecond={step.outcome === 'running' ? throughputPerSecond : null}
                  fastestPerSecond={fastest}
                />
                <StepMoreRows step={step} isFocused={index === focus} />
              </Fragment>
            ))}
          </Table.Tbody>
        </Table>
      </div>
    </Panel>
  )
}
