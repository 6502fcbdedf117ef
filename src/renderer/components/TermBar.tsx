import { useTranslation } from 'react-i18next'
import { type MemoryTerms, memoryTermNames } from '../../core/estimate/memoryTerms'
import { termColours } from '../charts/colours'
import { Bar } from './Bar'

interface TermBarProps {
  readonly terms: MemoryTerms
  /** Bytes that the whole width stands for. */
  readonly maxBytes: number
  readonly format: (bytes: number) => string
  readonly height?: number
}

/** Memory by purpose, in the colours that purposes have everywhere. */
export function TermBar({ terms, maxBytes, format, height = 12 }: TermBarProps) {
  const { t } = useTranslation()
  const held = memoryTermNames.filter((name) => terms[name] > 0)
  return (
    <Bar
      height={height}
      max={maxBytes}
      label={held.map((name) => `${t(`term.${name}`)} ${format(terms[name])}`).join(', ')}
      parts={held.map((name) => ({ key: name, value: terms[name], colour: termColours[name] }))}
    />
  )
}
