import type { ReactNode } from 'react'
import { Page } from './Page'
import { Verdict } from './Verdict'
import { useTranslation } from 'react-i18next'

interface ProblemProps {
  readonly title: string
  /** One line that a person can act on. */
  readonly message: string
  /** The way out. */
  readonly children?: ReactNode
}

/** A page that has nothing to show because something went wrong. */
export function Problem({ title, message, children }: ProblemProps) {
  const { t } = useTranslation()
  return (
    <Page title={t('error.title')}>
      <Verdict tone="bad" detail={message} action={children}>
        {title}
      </Verdict>
    </Page>
  )
}
