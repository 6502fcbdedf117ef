import { useTranslation } from 'react-i18next'
import type { Verdict } from '../../core/plan/plan'
import { StatusBadge } from './StatusBadge'

const tones = { fits: 'good', doesNotFit: 'bad', tooCloseToCall: 'warn' } as const

/** Whether something fits, in a word; nothing where nobody can tell. */
export function VerdictBadge({ verdict }: { readonly verdict: Verdict | null }) {
  const { t } = useTranslation()
  if (verdict === null) return null
  return <StatusBadge tone={tones[verdict]}>{t(`verdict.${verdict}`)}</StatusBadge>
}
