import { Button, Collapse, SegmentedControl, Select } from '@mantine/core'
import IconChevronRight from '@tabler/icons-react/dist/esm/icons/IconChevronRight.mjs'
import { memo, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { fitMethods, type FitMethodId } from '../../../core/estimate/fitMethods'
import { formatBytes } from '../../../core/units'
import { Panel } from '../../components/Panel'
import {
  defaultFitDraft,
  type FitDraft,
  fitAttention,
  fitCheckpointing,
  fitKvPrecisions,
  fitLosses,
  fitOptimizers,
  fitPrecisions,
  fitShardings,
} from './fitDraft'
import { useFitDraft } from './fitDraftStore'
import classes from './FitForm.module.css'
import { chosenMethod, methodsOf } from './jobOfDraft'
import { ModelPicker } from './ModelPicker'
import { NumberField, SliderField } from './SliderField'
import { useFitGpus } from './useFitGpus'

/** Whatever the method, the first of its task that people try. */
const firstMethod = { train: 'lora', infer: 'infer' } as const

/** What the question is about. Every field listens for itself: a dragged slider draws no other. */
export const FitForm = memo(function FitForm() {
  const { t } = useTranslation('fit')
  const task = useFitDraft((draft) => fitMethods[draft.method].task)
  const isTraining = task === 'train'
  return (
    <Panel title={t('form.heading')}>
      <form className={classes.form} onSubmit={(event) => event.preventDefault()}>
        <ModelPicker />
        <SegmentedControl
          fullWidth
          aria-label={t('form.task')}
          data={(['train', 'infer'] as const).map((value) => ({
            value,
            label: t(`form.${value}`),
          }))}
          value={task}
          onChange={(value) =>
            useFitDraft.setState({ method: firstMethod[value === 'infer' ? 'infer' : 'train'] })
          }
        />
        <MethodSelect />
        <SliderField field="batchSize" label={t('form.batchSize')} sliderMax={256} />
        <SliderField
          field="sequenceLength"
          label={t(isTraining ? 'form.sequenceLength' : 'form.promptLength')}
          sliderMin={64}
          sliderMax={131_072}
        />
        {!isTraining && (
          <SliderField
            field="generatedLength"
            label={t('form.generatedLength')}
            sliderMin={64}
            sliderMax={16_384}
          />
        )}
        <GpuSelect />
        <div className={classes.choices}>
          <ChoiceSelect field="precision" values={fitPrecisions} />
          {isTraining ? (
            <>
              <ChoiceSelect field="optimizer" values={fitOptimizers} />
              <ChoiceSelect field="checkpointing" values={fitCheckpointing} />
            </>
          ) : (
            <ChoiceSelect field="kvPrecision" values={fitKvPrecisions} />
          )}
          <ChoiceSelect field="attention" values={fitAttention} />
        </div>
        <More isTraining={isTraining} />
      </form>
    </Panel>
  )
})

function MethodSelect() {
  const { t } = useTranslation('fit')
  const method = useFitDraft(chosenMethod)
  const precision = useFitDraft((draft) => draft.precision)
  const { task } = fitMethods[method]
  const methods = methodsOf({ precision }).filter((id) => fitMethods[id].task === task)
  return (
    <Select
      label={t('form.method')}
      allowDeselect={false}
      data={methods.map((id) => ({
        value: id,
        label: `${t(`method.${id}`)} · ${t(`methodDetail.${id}`, { precision })}`,
      }))}
      value={method}
      onChange={(id) => id && useFitDraft.setState({ method: id as FitMethodId })}
    />
  )
}

function GpuSelect() {
  const { t } = useTranslation('fit')
  const id = useFitDraft((draft) => draft.gpu)
  const gpus = useFitGpus()
  const groups = [
    { group: t('gpu.here'), gpus: gpus.filter(({ isLocal }) => isLocal) },
    ...(['dataCentre', 'workstation', 'consumer'] as const).map((segment) => ({
      group: t(`gpu.segment.${segment}`),
      gpus: gpus.filter(({ isLocal, spec }) => !isLocal && spec.segment === segment),
    })),
  ]
  return (
    <Select
      label={t('form.gpu')}
      searchable
      allowDeselect={false}
      nothingFoundMessage={t('form.noGpu')}
      maxDropdownHeight={320}
      data={groups
        .filter((each) => each.gpus.length > 0)
        .map((each) => ({
          group: each.group,
          items: each.gpus.map(({ spec }) => ({ value: spec.id, label: spec.name })),
        }))}
      renderOption={({ option }) => {
        const bytes = gpus.find(({ spec }) => spec.id === option.value)?.usableBytes ?? null
        return (
          <span className={classes.option}>
            <span>{option.label}</span>
            <small>{formatBytes(bytes)}</small>
          </span>
        )
      }}
      value={id}
      onChange={(gpu) => gpu && useFitDraft.setState({ gpu })}
    />
  )
}

type ChoiceField =
  'precision' | 'optimizer' | 'checkpointing' | 'attention' | 'loss' | 'kvPrecision' | 'sharding'

interface ChoiceSelectProps<K extends ChoiceField> {
  readonly field: K
  readonly values: readonly FitDraft[K][]
}

function ChoiceSelect<K extends ChoiceField>({ field, values }: ChoiceSelectProps<K>) {
  const { t } = useTranslation('fit')
  const value = useFitDraft((draft) => draft[field])
  const id = useId()
  return (
    <div className={classes.choice}>
      <label htmlFor={id}>{t(`form.${field}` as 'form.loss')}</label>
      <Select
        id={id}
        size="xs"
        allowDeselect={false}
        comboboxProps={{ width: 'max-content', position: 'bottom-end' }}
        data={values.map((each) => ({
          value: each,
          label: t(`choice.${field}.${each}` as 'choice.loss.full'),
        }))}
        value={value}
        onChange={(chosen) => chosen && useFitDraft.setState({ [field]: chosen })}
      />
    </div>
  )
}

/** What most leave as it is. */
function More({ isTraining }: { readonly isTraining: boolean }) {
  const { t } = useTranslation('fit')
  const [isOpen, setOpen] = useState(false)
  const gpuCount = useFitDraft((draft) => draft.gpuCount)
  return (
    <div className={classes.more}>
      <div className={classes.moreButtons}>
        <Button
          variant="subtle"
          size="compact-sm"
          aria-expanded={isOpen}
          leftSection={
            <IconChevronRight
              size={14}
              aria-hidden
              className={classes.chevron}
              data-open={isOpen}
            />
          }
          onClick={() => setOpen(!isOpen)}
        >
          {gpuCount > 1 ? t('form.moreGpus', { count: gpuCount }) : t('form.more')}
        </Button>
        <Button
          variant="subtle"
          color="gray"
          size="compact-sm"
          onClick={() => {
            const { view, gpuGroup } = useFitDraft.getState()
            useFitDraft.setState({ ...defaultFitDraft, view, gpuGroup })
          }}
        >
          {t('form.reset')}
        </Button>
      </div>
      <Collapse expanded={isOpen}>
        <div className={classes.choices}>
          {isTraining && (
            <>
              <NumberField field="rank" label={t('form.rank')} />
              <NumberField
                field="gradientAccumulationSteps"
                label={t('form.gradientAccumulationSteps')}
              />
              <ChoiceSelect field="loss" values={fitLosses} />
            </>
          )}
          <NumberField field="gpuCount" label={t('form.gpuCount')} />
          <ChoiceSelect field="sharding" values={fitShardings} />
        </div>
      </Collapse>
    </div>
  )
}
