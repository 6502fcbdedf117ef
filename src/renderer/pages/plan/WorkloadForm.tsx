import {
  Button,
  Checkbox,
  MultiSelect,
  SegmentedControl,
  Select,
  Text,
  TextInput,
} from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { Panel } from '../../components/Panel'
import { useHost } from '../../host'
import { devicesQuery } from '../devices/devicesQuery'
import classes from './BenchmarkPlan.module.css'
import {
  defaultDraft,
  type DraftField,
  type DraftProblem,
  isTextDraft,
  maxAccumulationSteps,
  maxAdapterRank,
  maxBatchSize,
  maxSeed,
  maxSequenceLength,
  maxTrainingSteps,
  modes,
  optimizers,
  planPrecisions,
  presets,
  profiles,
  providers,
  withPreset,
} from './draft'
import { useDraft } from './draftStore'
import { TextFields } from './TextFields'

interface WorkloadFormProps {
  readonly problems: Readonly<Partial<Record<DraftField, DraftProblem>>>
}

/** Where the numbers of each field end. */
const largest: Readonly<Partial<Record<DraftField, number>>> = {
  batchSize: maxBatchSize,
  sequenceLength: maxSequenceLength,
  trainingSteps: maxTrainingSteps,
  adapterRank: maxAdapterRank,
  gradientAccumulationSteps: maxAccumulationSteps,
  seed: maxSeed,
}

export function WorkloadForm({ problems }: WorkloadFormProps) {
  const { t } = useTranslation('plan')
  const draft = useDraft()
  const set = useDraft.setState
  const profileLabel = useId()

  /** The one line under a field, or null. */
  function problemOf(field: DraftField): string | null {
    const problem = problems[field]
    return problem ? t(`problem.${problem}`, { max: largest[field] }) : null
  }

  return (
    <Panel title={t('form.heading')}>
      <form className={classes.form} onSubmit={(event) => event.preventDefault()}>
        <Select
          label={t('form.preset')}
          data={presets.map((value) => ({ value, label: t(`form.${value}`) }))}
          value={draft.preset}
          onChange={(preset) => preset && set(withPreset(draft, preset))}
          allowDeselect={false}
        />
        <Checkbox.Group
          label={t('form.modes')}
          value={draft.modes}
          error={problemOf('modes')}
          onChange={(chosen) => set({ modes: modes.filter((mode) => chosen.includes(mode)) })}
        >
          <div className={classes.checks}>
            {modes.map((mode) => (
              <Checkbox key={mode} value={mode} label={t(`form.${mode}`)} />
            ))}
          </div>
        </Checkbox.Group>
        <Checkbox.Group
          label={t('form.precisions')}
          description={t('form.precisionsHint')}
          value={draft.precisions}
          error={problemOf('precisions')}
          onChange={(chosen) =>
            set({ precisions: planPrecisions.filter((name) => chosen.includes(name)) })
          }
        >
          <div className={classes.checks}>
            {planPrecisions.map((precision) => (
              <Checkbox key={precision} value={precision} label={precision} />
            ))}
          </div>
        </Checkbox.Group>
        <ProviderSelect />
        <MultiSelect
          label={t('form.optimizer')}
          data={optimizers.map((value) => ({ value, label: t(`optimizer.${value}`) }))}
          value={draft.optimizers}
          error={problemOf('optimizers')}
          onChange={(chosen) =>
            set({ optimizers: optimizers.filter((name) => chosen.includes(name)) })
          }
        />
        <div className={classes.pair}>
          <TextInput
            label={t('form.batchSize')}
            inputMode="numeric"
            value={draft.batchSize}
            error={problemOf('batchSize')}
            onChange={(event) => set({ batchSize: event.currentTarget.value })}
          />
          <TextInput
            label={t('form.seed')}
            inputMode="numeric"
            value={draft.seed}
            error={problemOf('seed')}
            onChange={(event) => set({ seed: event.currentTarget.value })}
          />
        </div>
        {isTextDraft(draft) && <TextFields problemOf={problemOf} />}
        <div>
          <Text id={profileLabel} fw={500}>
            {t('form.profile')}
          </Text>
          <SegmentedControl
            fullWidth
            aria-labelledby={profileLabel}
            data={profiles.map((value) => ({ value, label: t(`form.${value}`) }))}
            value={draft.profile}
            onChange={(value) =>
              set({ profile: profiles.find((name) => name === value) ?? draft.profile })
            }
          />
          <Text size="sm" c="dimmed" mt={3}>
            {t(`form.profileHint.${draft.profile}`)}
          </Text>
        </div>
        <Button variant="subtle" size="xs" onClick={() => set(defaultDraft)}>
          {t('form.reset')}
        </Button>
      </form>
    </Panel>
  )
}

/** Providers that cannot be used stay to be chosen: the plan then says what is missing. */
function ProviderSelect() {
  const { t } = useTranslation('plan')
  const { client } = useHost()
  const provider = useDraft((draft) => draft.provider)
  const { data } = useQuery(devicesQuery(client))
  const usable = data?.executionProviders.filter((status) => status.usable).map(({ name }) => name)
  const labelOf = (name: (typeof providers)[number]) => {
    if (name === 'auto') return t('form.auto')
    return usable && !usable.includes(name) ? t('form.unusable', { name }) : name
  }
  return (
    <Select
      label={t('form.provider')}
      data={providers.map((value) => ({ value, label: labelOf(value) }))}
      value={provider}
      onChange={(chosen) => chosen && useDraft.setState({ provider: chosen })}
      allowDeselect={false}
    />
  )
}
