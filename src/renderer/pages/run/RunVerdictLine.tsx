import { networkName } from '../../../core/plan/networkName'
import { Button, Group } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { comparePrecisions } from '../../../core/compare/comparePrecisions'
import type { RunState } from '../../../core/run/applyRunEvent'
import { isCrowded } from '../../../core/run/hostLoad'
import type { RunRecord } from '../../../core/run/record'
import { formatFactor, formatFigure, formatSignedPercent } from '../../../core/report/figures'
import { aloneSentence } from '../../../core/report/describeVerdicts'
import { precisionLabel } from '../../../core/report/stepLabel'
import { formatDuration } from '../../../core/units'
import { joinSentences } from '../../components/joinSentences'
import { useReportWords } from '../../components/useReportWords'
import { useStepName } from '../../components/useStepName'
import { type Tone, Verdict } from '../../components/Verdict'
import { CancelButton } from './CancelButton'
import { runVerdict } from './runVerdict'

const tones: Readonly<Record<'completed' | 'partial' | 'cancelled' | 'failed', Tone>> = {
  completed: 'good',
  partial: 'warn',
  cancelled: 'warn',
  failed: 'bad',
}

/** What happens now or how it ended, and the button that follows from it. */
export function RunVerdictLine({ run }: { readonly run: RunState }) {
  const { t, i18n } = useTranslation('run')
  const stepName = useStepName()
  const { record } = run
  const { device, workload } = record
  const headline = useHeadline(record)
  const { note } = useReportWords()
  const verdict = runVerdict(run)
  const { sequenceLength } = workload
  const setting = t(sequenceLength === null ? 'setting' : 'textSetting', {
    sequenceLength,
    network: networkName(workload),
    batchSize: workload.batchSize,
    device: device.name,
    provider: record.steps[0]?.executionProvider.requested ?? workload.provider,
    profile: t(`profile.${workload.profile}`),
  })
  if (verdict.type === 'starting' || verdict.type === 'running') {
    return (
      <Verdict tone="neutral" detail={setting} action={<CancelButton id={record.id} />}>
        {verdict.type === 'starting'
          ? t('verdict.starting')
          : t('verdict.running', {
              step: stepName(verdict.step),
              number: verdict.number,
              of: verdict.of,
            })}
      </Verdict>
    )
  }
  const { type, completedCount, of, durationMs, failed } = verdict
  const line = t(`verdict.${type}`, {
    count: completedCount,
    of,
    duration: formatDuration(durationMs),
  })
  const failure =
    failed && t('verdict.failure', { step: stepName(failed), reason: note(failed.reason ?? '') })
  return (
    <Verdict
      tone={headline?.isCrowded ? 'warn' : tones[type]}
      detail={failure ?? (headline ? joinSentences(i18n.language, line, setting) : setting)}
      action={completedCount > 0 ? <NextSteps id={record.id} /> : <PlanAgain />}
    >
      {failure === null && headline ? headline.text : line}
    </Verdict>
  )
}

interface Headline {
  /** What the precisions came to, or the only step, in one sentence. */
  readonly text: string
  /** Other programs took the processors: to be measured again. */
  readonly isCrowded: boolean
}

/** Of the precisions, or of the only step; null while it runs or where nothing completed. */
function useHeadline(record: RunRecord): Headline | null {
  const { t } = useTranslation('run')
  const words = useReportWords()
  const stepName = useStepName()
  const isOver = record.outcome === 'completed' || record.outcome === 'partial'
  const headline = useMemo(
    () => (isOver ? comparePrecisions(record).headline : null),
    [record, isOver],
  )
  if (!headline) {
    const completed = isOver ? record.steps.filter(({ outcome }) => outcome === 'completed') : []
    const [step] = completed
    if (!step || completed.length > 1) return null
    const sentence = aloneSentence(step, words)
    return {
      text: `${sentence}${t('headline.stop')}`,
      isCrowded: isCrowded(step.hostLoad),
    }
  }
  const { mode, precision, int8Mode, method, optimizer, speed, speedVerdict } = headline
  const { accuracyLossPoints, validationLoss, validationLossExcess } = headline
  const step = { mode, precision, method, optimizer, ...(int8Mode && { int8Mode }) }
  const ratio = speedVerdict === 'slower' ? 1 / speed.ratio : speed.ratio
  const fast = t(`headline.${speedVerdict}`, {
    step: stepName(step),
    base: precisionLabel({ mode, precision: 'fp32' }),
    ratio: formatFactor(ratio),
  })
  const ending = (clause: string): Headline => ({
    text: `${fast}${clause}`,
    isCrowded: speedVerdict === 'crowded',
  })
  if (validationLoss !== null && validationLossExcess !== null) {
    const loss = formatFigure(validationLoss)
    return ending(t('headline.loss', { loss, change: formatSignedPercent(validationLossExcess) }))
  }
  if (accuracyLossPoints === null) return ending(t('headline.stop'))
  const points = Number(Math.abs(accuracyLossPoints).toFixed(1))
  const change = points === 0 ? 'keeps' : accuracyLossPoints > 0 ? 'loses' : 'gains'
  return ending(t(`headline.${change}`, { points }))
}

function NextSteps({ id }: { readonly id: string }) {
  const { t } = useTranslation('run')
  const search = { run: id } as never
  return (
    <Group gap="xs" wrap="nowrap">
      <Button renderRoot={(props) => <Link {...props} to={'/compare' as never} search={search} />}>
        {t('compare')}
      </Button>
      <Button
        variant="default"
        renderRoot={(props) => <Link {...props} to={'/report' as never} search={search} />}
      >
        {t('report')}
      </Button>
    </Group>
  )
}

function PlanAgain() {
  const { t } = useTranslation('run')
  return (
    <Button variant="default" renderRoot={(props) => <Link {...props} to={'/plan' as never} />}>
      {t('empty.plan')}
    </Button>
  )
}
