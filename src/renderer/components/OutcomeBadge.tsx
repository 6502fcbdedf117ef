import { useTranslation } from 'react-i18next'
import type { RunOutcome, StepOutcome } from '../../core/run/record'
import { StatusBadge } from './StatusBadge'
import type { Tone } from './Verdict'

const outcomeTones: Readonly<Record<StepOutcome | RunOutcome, Tone>> = {
  completed: 'good',
  planned: 'neutral',
  running: 'neutral',
  skipped: 'neutral',
  unsupported: 'neutral',
  cancelled: 'warn',
  partial: 'warn',
  failed: 'bad',
  outOfMemory: 'bad',
  hostOutOfMemory: 'bad',
  crashed: 'bad',
  hung: 'bad',
  deviceLost: 'bad',
  diverged: 'bad',
}

/** How something ended: what is no success and no failure is neutral. */
export function outcomeTone(outcome: StepOutcome | RunOutcome): Tone {
  return outcomeTones[outcome]
}

/** How a step or a run ended, in a word. */
export function OutcomeBadge({ outcome }: { readonly outcome: StepOutcome | RunOutcome }) {
  const { t } = useTranslation()
  return <StatusBadge tone={outcomeTone(outcome)}>{t(`outcome.${outcome}`)}</StatusBadge>
}
