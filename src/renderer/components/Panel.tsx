import { Title } from '@mantine/core'
import type { ReactNode } from 'react'
import classes from './Panel.module.css'

interface PanelProps {
  readonly title?: string
  readonly actions?: ReactNode
  readonly className?: string | undefined
  readonly children: ReactNode
}

/** A bordered part of a page, named by its heading. */
export function Panel({ title, actions, className, children }: PanelProps) {
  return (
    <section className={[classes.panel, className].filter(Boolean).join(' ')} aria-label={title}>
      {(title ?? actions) && (
        <div className={classes.heading}>
          {title && <Title order={2}>{title}</Title>}
          {actions}
        </div>
      )}
      {children}
    </section>
  )
}
