import { Checkbox, Select, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import classes from './BenchmarkPlan.module.css'
import { checkpointings, type DraftField, hasAdapters, methods } from './draft'
import { useDraft } from './draftStore'

interface TextFieldsProps {
  /** The one line under a field, or null. */
  readonly problemOf: (field: DraftField) => string | null
}

/** What only decoders for text are asked for. */
export function TextFields({ problemOf }: TextFieldsProps) {
  const { t } = useTranslation('plan')
  const draft = useDraft()
  const set = useDraft.setState
  return (
    <>
      <Checkbox.Group
        label={t('form.methods')}
        value={draft.methods}
        error={problemOf('methods')}
        onChange={(chosen) => set({ methods: methods.filter((name) => chosen.includes(name)) })}
      >
        <div className={classes.checks}>
          {methods.map((method) => (
            <Checkbox key={method} value={method} label={t(`method.${method}`)} />
          ))}
        </div>
      </Checkbox.Group>
      {hasAdapters(draft) && (
        <TextInput
          label={t('form.adapterRank')}
          inputMode="numeric"
          value={draft.adapterRank}
          error={problemOf('adapterRank')}
          onChange={(event) => set({ adapterRank: event.currentTarget.value })}
        />
      )}
      <div className={classes.pair}>
        <TextInput
          label={t('form.sequenceLength')}
          inputMode="numeric"
          value={draft.sequenceLength}
          error={problemOf('sequenceLength')}
          onChange={(event) => set({ sequenceLength: event.currentTarget.value })}
        />
        <TextInput
          label={t('form.trainingSteps')}
          inputMode="numeric"
          value={draft.trainingSteps}
          error={problemOf('trainingSteps')}
          onChange={(event) => set({ trainingSteps: event.currentTarget.value })}
        />
        <TextInput
          label={t('form.gradientAccumulationSteps')}
          inputMode="numeric"
          value={draft.gradientAccumulationSteps}
          error={problemOf('gradientAccumulationSteps')}
          onChange={(event) => set({ gradientAccumulationSteps: event.currentTarget.value })}
        />
        <Select
          label={t('form.checkpointing')}
          data={checkpointings.map((value) => ({ value, label: t(`checkpointing.${value}`) }))}
          value={draft.checkpointing}
          onChange={(checkpointing) => checkpointing && set({ checkpointing })}
          allowDeselect={false}
        />
      </div>
    </>
  )
}
