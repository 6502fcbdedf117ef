import { useTranslation } from 'react-i18next'
import type { MemoryTermName } from '../../core/estimate/memoryTerms'
import { termColours } from '../charts/colours'
import classes from './TermLegend.module.css'

/** Which colour is which purpose. */
export function TermLegend({ names }: { readonly names: readonly MemoryTermName[] }) {
  const { t } = useTranslation()
  return (
    <ul className={classes.legend}>
      {names.map((name) => (
        <li key={name}>
          <TermSwatch name={name} />
          {t(`term.${name}`)}
        </li>
      ))}
    </ul>
  )
}

/** The colour of one purpose, beside its name. */
export function TermSwatch({ name }: { readonly name: MemoryTermName }) {
  return <span className={classes.swatch} style={{ background: termColours[name] }} aria-hidden />
}
