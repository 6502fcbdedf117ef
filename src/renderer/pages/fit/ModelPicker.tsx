import { Button, Select, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import IconFileImport from '@tabler/icons-react/dist/esm/icons/IconFileImport.mjs'
import { useTranslation } from 'react-i18next'
import { useFitDraft } from './fitDraftStore'
import { fitModels, formatParameters } from './fitModels'
import classes from './FitForm.module.css'
import { OwnModelDialog } from './OwnModelDialog'
import { useFitModel } from './useFitModel'

const ownValue = ':own'

/** A model of the catalogue, or one's own. */
export function ModelPicker() {
  const { t } = useTranslation('fit')
  const choice = useFitDraft((draft) => draft.model)
  const model = useFitModel(choice)
  const [isOpen, { open, close }] = useDisclosure(false)
  const own =
    choice.type === 'catalogue' ? null : choice.type === 'config' ? choice.name : choice.path
  return (
    <div>
      <Select
        label={t('form.model')}
        searchable
        allowDeselect={false}
        maxDropdownHeight={320}
        nothingFoundMessage={t('form.noModel')}
        data={[
          ...(own === null
            ? []
            : [{ group: t('form.own'), items: [{ value: ownValue, label: own }] }]),
          {
            group: t('form.catalogue'),
            items: fitModels.map(({ id, name }) => ({ value: id, label: name })),
          },
        ]}
        renderOption={({ option }) => <ModelOption value={option.value} label={option.label} />}
        value={choice.type === 'catalogue' ? choice.id : ownValue}
        onChange={(id) => {
          if (id && id !== ownValue) useFitDraft.setState({ model: { type: 'catalogue', id } })
        }}
      />
      <div className={classes.modelFacts}>
        <Text size="sm" c="dimmed" truncate>
          {model.status === 'ready'
            ? t('form.parameters', { count: formatParameters(model.parameterCount) })
            : '—'}
        </Text>
        <Button
          variant="subtle"
          size="compact-xs"
          leftSection={<IconFileImport size={14} aria-hidden />}
          onClick={open}
        >
          {t('form.ownModel')}
        </Button>
      </div>
      <OwnModelDialog isOpen={isOpen} onClose={close} />
    </div>
  )
}

function ModelOption({ value, label }: { readonly value: string; readonly label: string }) {
  const model = fitModels.find(({ id }) => id === value)
  return (
    <span className={classes.option}>
      <span>{label}</span>
      {model && <small>{formatParameters(model.parameterCount)}</small>}
    </span>
  )
}
