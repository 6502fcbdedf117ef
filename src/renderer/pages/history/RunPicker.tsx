import { NativeSelect } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { RunSummary } from '../../../protocol/contract'
import { formatTime } from './formatTime'

interface RunPickerProps {
  readonly label: string
  readonly runs: readonly RunSummary[]
  /** null: none. */
  readonly value: string | null
  readonly onChange: (id: string | null) => void
  /** Whether none may be chosen. */
  readonly isOptional?: boolean
}

/** Chooses a stored run, newest first. */
export function RunPicker({ label, runs, value, onChange, isOptional = false }: RunPickerProps) {
  const { t } = useTranslation('history')
  const newestFirst = runs.toSorted((a, b) => (a.startedAt < b.startedAt ? 1 : -1))
  const options = newestFirst.map((run) => ({ value: run.id, label: runLabel(run) }))

  function runLabel(run: RunSummary): string {
    const { startedAt, network, deviceName, batchSize, intact, otherVersion } = run
    const modes = run.modes.map((mode) => t(`mode.${mode as 'infer'}`)).join(t('comma'))
    const steps = `${modes} ${run.precisions.join(', ')}`
    const mark = !intact ? t('picker.damaged') : otherVersion ? t('picker.otherVersion') : null
    const parts = [formatTime(startedAt), network, steps, `× ${batchSize}`, deviceName]
    return [...parts, ...(mark === null ? [] : [mark])].join(' · ')
  }

  return (
    <NativeSelect
      label={label}
      size="xs"
      data={isOptional ? [{ value: '', label: t('picker.none') }, ...options] : options}
      value={value ?? ''}
      onChange={({ currentTarget }) => onChange(currentTarget.value || null)}
    />
  )
}
