import { Button, Select, Text, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { maxTextbookParameterCount } from '../../../../core/estimate/textbook'
import { formatBytes, formatSignificant } from '../../../../core/units'
import { Panel } from '../../../components/Panel'
import { type GpuChoice, gpuChoices, gpuSegments } from './gpuChoices'
import { formatParameterCount } from './parseParameterCount'
import classes from './Textbook.module.css'

/** Sizes that open models come in. */
const usualSizes = ['1B', '3B', '7B', '13B', '32B', '70B', '405B'] as const

interface TextbookFormProps {
  readonly parameters: string
  readonly onParameters: (text: string) => void
  readonly isValid: boolean
  readonly gpu: GpuChoice
  readonly onGpu: (id: string) => void
}

export function TextbookForm(props: TextbookFormProps) {
  const { parameters, onParameters, isValid, gpu, onGpu } = props
  const { t } = useTranslation('plan')
  const max = formatParameterCount(maxTextbookParameterCount)
  const facts = [
    ...(gpu.marketedGigabytes === null
      ? []
      : [t('textbook.gpuMemory', { marketed: formatSignificant(gpu.marketedGigabytes) })]),
    gpu.visibleBytes === null
      ? t('textbook.gpuNotVisible')
      : t('textbook.gpuVisible', { visible: formatBytes(gpu.visibleBytes) }),
  ]
  return (
    <Panel title={t('textbook.formHeading')}>
      <div className={classes.form}>
        <TextInput
          label={t('textbook.parameters')}
          value={parameters}
          error={isValid ? null : t('textbook.parametersProblem', { max })}
          onChange={(event) => onParameters(event.currentTarget.value)}
        />
        <fieldset className={classes.sizes} aria-label={t('textbook.sizes')}>
          {usualSizes.map((size) => (
            <Button
              key={size}
              size="compact-xs"
              variant={size === parameters ? 'filled' : 'default'}
              aria-pressed={size === parameters}
              onClick={() => onParameters(size)}
            >
              {size}
            </Button>
          ))}
        </fieldset>
        <Select
          label={t('textbook.gpu')}
          searchable
          nothingFoundMessage={t('textbook.noGpu')}
          allowDeselect={false}
          value={gpu.id}
          onChange={(id) => id && onGpu(id)}
          data={gpuSegments.map((segment) => ({
            group: t(`textbook.segment.${segment}`),
            items: gpuChoices
              .filter((choice) => choice.segment === segment)
              .map(({ id, name }) => ({ value: id, label: name })),
          }))}
        />
        <Text size="sm" c="dimmed">
          {facts.join(' · ')}
        </Text>
      </div>
    </Panel>
  )
}
