import { Text, Title } from '@mantine/core'
import type { Icon } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import classes from './EmptyState.module.css'

interface EmptyStateProps {
  readonly icon: Icon
  readonly title: string
  /** What will be here, and what to do for it. */
  readonly text: string
  readonly children?: ReactNode
}

/** A place where nothing is yet. */
export function EmptyState({ icon: Icon, title, text, children }: EmptyStateProps) {
  return (
    <div className={classes.empty}>
      <Icon size={36} stroke={1.25} aria-hidden className={classes.icon} />
      <Title order={2}>{title}</Title>
      <Text c="dimmed" maw={440}>
        {text}
      </Text>
      {children && <div className={classes.action}>{children}</div>}
    </div>
  )
}
