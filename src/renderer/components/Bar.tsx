import { VisuallyHidden } from '@mantine/core'
import classes from './Bar.module.css'

export interface BarPart {
  readonly key: string
  readonly value: number
  readonly colour: string
}

interface BarProps {
  readonly parts: readonly BarPart[]
  /** What the whole width stands for. */
  readonly max: number
  /** What the bar says, for those who do not see it. */
  readonly label: string
  readonly height?: number
}

/** Amounts side by side on one scale. Parts keep 1 px, so that nothing that is there disappears. */
export function Bar({ parts, max, label, height = 12 }: BarProps) {
  return (
    <>
      <VisuallyHidden>{label}</VisuallyHidden>
      <div className={classes.bar} aria-hidden style={{ height }}>
        {parts
          .filter(({ value }) => value > 0)
          .map(({ key, value, colour }) => (
            <span
              key={key}
              className={classes.part}
              style={{ width: `${(100 * value) / max}%`, background: colour }}
            />
          ))}
      </div>
    </>
  )
}
