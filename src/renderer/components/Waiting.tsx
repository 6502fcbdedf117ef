import { Loader, Text } from '@mantine/core'
import classes from './EmptyState.module.css'

interface WaitingProps {
  /** What is being done. */
  readonly title: string
  /** Why it takes time, or how long. */
  readonly text?: string
}

/** Holds the place of something that takes more than a moment. */
export function Waiting({ title, text }: WaitingProps) {
  return (
    <output className={classes.empty}>
      <Loader size="sm" className={classes.icon} />
      <Text component="span" fw={600}>
        {title}
      </Text>
      {text && (
        <Text component="span" c="dimmed" maw={440}>
          {text}
        </Text>
      )}
    </output>
  )
}
