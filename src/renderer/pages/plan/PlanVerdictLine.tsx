import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Plan } from '../../../core/plan/plan'
import { formatBytes } from '../../../core/units'
import { joinSentences } from '../../components/joinSentences'
import { useStepName } from '../../components/useStepName'
import { type Tone, Verdict } from '../../components/Verdict'
import { planVerdict, type PlanVerdictType } from './planVerdict'

const tones: Readonly<Record<PlanVerdictType, Tone>> = {
  fits: 'good',
  tooCloseToCall: 'warn',
  doesNotFit: 'bad',
  unknownMemory: 'neutral',
  nothingToRun: 'warn',
}

interface PlanVerdictLineProps {
  readonly plan: Plan | undefined
  /** Whether a field holds something that no plan can be made of. */
  readonly isInvalid: boolean
  readonly action: ReactNode
}

export function PlanVerdictLine({ plan, isInvalid, action }: PlanVerdictLineProps) {
  const { t, i18n } = useTranslation('plan')
  const stepName = useStepName()
  if (isInvalid || !plan)
    return (
      <Verdict tone={isInvalid ? 'warn' : 'neutral'} action={action}>
        {isInvalid ? t('verdict.invalid') : t('estimating')}
      </Verdict>
    )
  const { type, count, runnableCount, skippedCount, largest, usableBytes } = planVerdict(plan)
  const device = plan.device.name
  const values = {
    count,
    of: runnableCount,
    device,
    step: largest ? stepName(largest) : '',
    peak: formatBytes(largest?.memory.theory?.peakBytes ?? null),
    usable: formatBytes(usableBytes),
  }
  const detail = joinSentences(
    i18n.language,
    t('verdict.on', { device, provider: plan.provider }),
    skippedCount > 0 ? t('verdict.skipped', { count: skippedCount }) : '',
  )
  return (
    <Verdict tone={tones[type]} detail={detail} action={action}>
      {t(`verdict.${type}`, values)}
    </Verdict>
  )
}
