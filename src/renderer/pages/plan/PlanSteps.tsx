import { List, Text } from '@mantine/core'
import IconChevronRight from '@tabler/icons-react/dist/esm/icons/IconChevronRight.mjs'
import { useTranslation } from 'react-i18next'
import { memoryTermNames } from '../../../core/estimate/memoryTerms'
import type { Plan } from '../../../core/plan/plan'
import type { Step } from '../../../core/run/record'
import { formatBytes } from '../../../core/units'
import { Panel } from '../../components/Panel'
import { StatusBadge } from '../../components/StatusBadge'
import { TermBar } from '../../components/TermBar'
import { TermLegend } from '../../components/TermLegend'
import { useReportWords } from '../../components/useReportWords'
import { useStepName } from '../../components/useStepName'
import { VerdictBadge } from '../../components/VerdictBadge'
import classes from './BenchmarkPlan.module.css'
import { PhaseTable } from './PhaseTable'
import { isRunnable } from './planVerdict'
import { TermFormulas } from './TermFormulas'

interface PlanStepsProps {
  readonly plan: Plan
  /** Whether the form has moved on from what this is the plan of. */
  readonly isStale: boolean
}

/** Every step with its estimate on one scale, and those that are skipped with their reason. */
export function PlanSteps({ plan, isStale }: PlanStepsProps) {
  const { t } = useTranslation('plan')
  const runnable = plan.steps.filter(isRunnable)
  const theories = runnable.flatMap(({ step }) => step.memory.theory ?? [])
  const maxBytes = Math.max(1, ...theories.map(({ peakBytes }) => peakBytes))
  const held = memoryTermNames.filter((name) => theories.some(({ terms }) => terms[name] > 0))
  return (
    <Panel title={t('steps.heading')} actions={<TermLegend names={held} />}>
      <ol className={classes.steps} data-stale={isStale}>
        {plan.steps.map((planned, index) => (
          <li key={index} className={classes.step}>
            {isRunnable(planned) ? (
              <RunnableStep {...planned} maxBytes={maxBytes} />
            ) : (
              <SkippedStep step={planned.step} />
            )}
          </li>
        ))}
      </ol>
    </Panel>
  )
}

interface RunnableStepProps {
  readonly step: Step
  readonly verdict: Plan['steps'][number]['verdict']
  readonly maxBytes: number
}

function RunnableStep({ step, verdict, maxBytes }: RunnableStepProps) {
  const { t } = useTranslation('plan')
  const { note } = useReportWords()
  const stepName = useStepName()
  const { theory } = step.memory
  return (
    <details>
      <summary className={classes.summary}>
        <StepTitle step={step} />
        {theory && (
          <TermBar terms={theory.terms} maxBytes={maxBytes} format={formatBytes} height={16} />
        )}
        <span className={classes.peak}>
          {formatBytes(theory?.peakBytes ?? null)}
          {theory && (
            <small>
              {t('steps.inPhase', { phase: t(`phase.${theory.peakPhase as 'forward'}`) })}
            </small>
          )}
        </span>
        <span>
          <VerdictBadge verdict={verdict} />
        </span>
      </summary>
      <div className={classes.details}>
        {theory && (
          <PhaseTable theory={theory} caption={t('steps.open', { step: stepName(step) })} />
        )}
        <TermFormulas step={step} caption={t('steps.formulas', { step: stepName(step) })} />
        {step.notes.length > 0 && (
          <List size="sm" mt="xs" aria-label={t('steps.notes')}>
            {step.notes.map((english) => (
              <List.Item key={english}>{note(english)}</List.Item>
            ))}
          </List>
        )}
      </div>
    </details>
  )
}

function SkippedStep({ step }: { readonly step: Step }) {
  const { t } = useTranslation('common')
  const { note } = useReportWords()
  return (
    <div className={classes.skipped}>
      <StepTitle step={step} />
      <span>{step.reason && note(step.reason)}</span>
      <span>
        <StatusBadge tone="neutral">{t(`outcome.${step.outcome}`)}</StatusBadge>
      </span>
    </div>
  )
}

function StepTitle({ step }: { readonly step: Step }) {
  const { t } = useTranslation('plan')
  const stepName = useStepName()
  const computesElsewhere = step.computePrecision !== step.precision
  return (
    <span className={classes.name}>
      {step.outcome === 'planned' && (
        <IconChevronRight size={14} className={classes.chevron} aria-hidden />
      )}
      <span>
        <strong>{stepName(step)}</strong>
        {computesElsewhere && (
          <Text component="span" display="block" size="xs" c="dimmed">
            {t('steps.computesIn', { precision: step.computePrecision })}
          </Text>
        )}
      </span>
    </span>
  )
}
