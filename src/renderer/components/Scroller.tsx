import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

interface ScrollerProps {
  /** What scrolls in it, for those who hear the page. */
  readonly label: string
  /** Says how large it may become and in which direction it scrolls. */
  readonly className?: string | undefined
  readonly children: ReactNode
}

/**
 * A part of a page that scrolls by itself. The focus can be moved into it, so that the arrow keys scroll
 * it too (WCAG 2.1.1); its name tells it from the panel around it.
 */
export function Scroller({ label, className, children }: ScrollerProps) {
  const { t } = useTranslation('common')
  return (
    <section aria-label={t('scroller', { label })} tabIndex={0} className={className}>
      {children}
    </section>
  )
}
