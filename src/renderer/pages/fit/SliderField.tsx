import { Slider, TextInput } from '@mantine/core'
import { useId, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { fitLimits, type FitNumber } from './fitDraft'
import { useFitDraft } from './fitDraftStore'
import classes from './FitForm.module.css'
import { nearestStop, sliderStops } from './sliderStops'

interface SliderFieldProps {
  readonly field: FitNumber
  readonly label: string
  /** The largest stop; more can be typed. */
  readonly sliderMax: number
  readonly sliderMin?: number
}

/** A number to drag, or to type where it must be exact; what cannot be used stays and is explained. */
export function SliderField({ field, label, sliderMax, sliderMin = 1 }: SliderFieldProps) {
  const { t } = useTranslation('fit')
  const value = useFitDraft((draft) => draft[field])
  const stops = useMemo(() => sliderStops(sliderMin, sliderMax), [sliderMin, sliderMax])
  const inputId = useId()
  const { text, problem, type } = useNumberText(field)
  return (
    <div className={classes.sliderField}>
      <div className={classes.sliderLabel}>
        <label htmlFor={inputId}>{label}</label>
        <TextInput
          id={inputId}
          size="xs"
          inputMode="numeric"
          className={classes.sliderInput}
          value={text}
          error={problem !== null}
          aria-invalid={problem !== null}
          onChange={(event) => type(event.currentTarget.value)}
        />
      </div>
      <Slider
        size="sm"
        thumbLabel={label}
        min={0}
        max={stops.length - 1}
        label={null}
        value={nearestStop(stops, value)}
        thumbProps={{ 'aria-valuetext': String(value) }}
        onChange={(index) => useFitDraft.setState({ [field]: stops[index]! })}
      />
      {problem !== null && (
        <p className={classes.problem} role="alert">
          {t('form.wholeNumber', problem)}
        </p>
      )}
    </div>
  )
}

/** A number that is only typed. */
export function NumberField({ field, label }: Pick<SliderFieldProps, 'field' | 'label'>) {
  const { t } = useTranslation('fit')
  const { text, problem, type } = useNumberText(field)
  const id = useId()
  return (
    <div className={classes.choice}>
      <label htmlFor={id}>{label}</label>
      <TextInput
        id={id}
        size="xs"
        inputMode="numeric"
        value={text}
        error={problem && t('form.wholeNumber', problem)}
        onChange={(event) => type(event.currentTarget.value)}
      />
    </div>
  )
}

/** What stands in a number's field: it follows the draft, and keeps what cannot be used. */
function useNumberText(field: FitNumber) {
  const value = useFitDraft((draft) => draft[field])
  const [entry, setEntry] = useState({ text: String(value), value })
  const [min, max] = fitLimits[field]
  // A slider, a relief or a reset has changed the number meanwhile.
  const text = entry.value === value ? entry.text : String(value)
  const number = /^\s*\d+\s*$/.test(text) ? Number(text) : Number.NaN
  const isGood = number >= min && number <= max
  return {
    text,
    problem: isGood ? null : { min, max },
    type: (entered: string) => {
      const typed = /^\s*\d+\s*$/.test(entered) ? Number(entered) : Number.NaN
      const isUsable = typed >= min && typed <= max
      setEntry({ text: entered, value: isUsable ? typed : value })
      if (isUsable) useFitDraft.setState({ [field]: typed })
    },
  }
}
