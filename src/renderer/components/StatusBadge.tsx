import type { ReactNode } from 'react'
import classes from './StatusBadge.module.css'
import type { Tone } from './Verdict'

interface StatusBadgeProps {
  readonly tone: Tone
  readonly children: ReactNode
}

/** A state in a word; the word says it, the colour only helps to find it. */
export function StatusBadge({ tone, children }: StatusBadgeProps) {
  return (
    <span className={classes.badge} data-tone={tone}>
      {children}
    </span>
  )
}
