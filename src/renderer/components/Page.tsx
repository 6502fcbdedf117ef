import { Title } from '@mantine/core'
import type { ReactNode } from 'react'
import classes from './Page.module.css'

interface PageProps {
  /** The page's name: its level-1 heading, small, since the verdict is what should be read first. */
  readonly title: string
  /** Buttons at the right of the heading. */
  readonly actions?: ReactNode
  readonly children?: ReactNode
}

/** The frame of a page: heading, actions, then `Verdict`, picture and table in this order. */
export function Page({ title, actions, children }: PageProps) {
  return (
    <div className={classes.page}>
      <div className={classes.heading}>
        <Title order={1} className={classes.title}>
          {title}
        </Title>
        {actions}
      </div>
      {children}
    </div>
  )
}
