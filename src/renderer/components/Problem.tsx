import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Page } from './Page'
import { Verdict } from './Verdict'

interface ProblemProps {
  /** The page's name. */
  readonly page: string
  /** What went wrong; by default only that something did. */
  readonly title?: string
  /** One line that a person can act on. */
  readonly message: string
  /** The way out. */
  readonly children?: ReactNode
}

/** A page that has nothing to show because something went wrong. */
export function Problem({ page, title, message, children }: ProblemProps) {
  const { t } = useTranslation()
  return (
    <Page title={page}>
      <Verdict tone="bad" detail={message} action={children}>
        {title ?? t('error.title')}
      </Verdict>
    </Page>
  )
}
