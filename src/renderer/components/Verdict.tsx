import IconAlertTriangle from '@tabler/icons-react/dist/esm/icons/IconAlertTriangle.mjs'
import IconCircleCheck from '@tabler/icons-react/dist/esm/icons/IconCircleCheck.mjs'
import IconCircleX from '@tabler/icons-react/dist/esm/icons/IconCircleX.mjs'
import IconInfoCircle from '@tabler/icons-react/dist/esm/icons/IconInfoCircle.mjs'
import type { ReactNode } from 'react'
import classes from './Verdict.module.css'

export type Tone = 'good' | 'warn' | 'bad' | 'neutral'

const icons = {
  good: IconCircleCheck,
  warn: IconAlertTriangle,
  bad: IconCircleX,
  neutral: IconInfoCircle,
} as const

interface VerdictProps {
  readonly tone: Tone
  /** The page's answer in one line. */
  readonly children: ReactNode
  /** What it rests on, smaller. */
  readonly detail?: ReactNode
  /** At the right: the button that follows from the answer. */
  readonly action?: ReactNode
}

/** The answer to the page's question; screen readers are told when it changes. */
export function Verdict({ tone, children, detail, action }: VerdictProps) {
  const Icon = icons[tone]
  return (
    <section className={classes.verdict} data-tone={tone}>
      <Icon size={22} stroke={1.75} aria-hidden className={classes.icon} />
      <output className={classes.text}>
        <span className={classes.line}>{children}</span>
        {detail && <span className={classes.detail}>{detail}</span>}
      </output>
      {action && <div className={classes.action}>{action}</div>}
    </section>
  )
}
