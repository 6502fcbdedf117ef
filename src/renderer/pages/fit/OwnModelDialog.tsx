import { Button, FileButton, Modal, Tabs, Text, Textarea, TextInput } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { errorLine } from '../../components/errorLine'
import { useHost } from '../../host'
import classes from './FitForm.module.css'
import { useFitDraft } from './fitDraftStore'
import { useOwnConfig } from './ownConfig'
import { useSentence } from '../../sentences/useSentence'
import { parseConfigText } from './parseConfigText'
import { modelQuery } from './useFitModel'

interface OwnModelDialogProps {
  readonly isOpen: boolean
  readonly onClose: () => void
}

/** A model that is not in the catalogue: its config.json as text or file, or a path on the host. */
export function OwnModelDialog({ isOpen, onClose }: OwnModelDialogProps) {
  const { t } = useTranslation('fit')
  return (
    <Modal
      opened={isOpen}
      onClose={onClose}
      size="lg"
      title={t('own.title')}
      closeButtonProps={{ 'aria-label': t('own.close') }}
    >
      <Tabs defaultValue="config" keepMounted={false}>
        <Tabs.List mb="sm">
          <Tabs.Tab value="config">{t('own.configTab')}</Tabs.Tab>
          <Tabs.Tab value="path">{t('own.pathTab')}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="config">
          <ConfigEntry onUsed={onClose} />
        </Tabs.Panel>
        <Tabs.Panel value="path">
          <PathEntry onUsed={onClose} />
        </Tabs.Panel>
      </Tabs>
    </Modal>
  )
}

function ConfigEntry({ onUsed }: { readonly onUsed: () => void }) {
  const { t } = useTranslation('fit')
  const { name, text } = useOwnConfig()
  const { problem } = parseConfigText(text)
  const say = useSentence()
  const isEmpty = text.trim() === ''
  return (
    <div className={classes.own}>
      <Text c="dimmed">{t('own.configHint')}</Text>
      <Textarea
        aria-label={t('own.configText')}
        placeholder={'{\n  "model_type": "llama",\n  "hidden_size": 4096,\n  …'}
        classNames={{ input: classes.code ?? '' }}
        rows={14}
        spellCheck={false}
        value={text}
        error={isEmpty || problem === null ? null : say(problem)}
        onChange={(event) => useOwnConfig.setState({ text: event.currentTarget.value })}
      />
      <div className={classes.buttons}>
        <FileButton
          accept=".json,application/json"
          onChange={(file) =>
            file &&
            void file.text().then((read) => useOwnConfig.setState({ name: file.name, text: read }))
          }
        >
          {(props) => (
            <Button {...props} variant="default">
              {t('own.choose')}
            </Button>
          )}
        </FileButton>
        <Button
          disabled={isEmpty || problem !== null}
          onClick={() => {
            useFitDraft.setState({ model: { type: 'config', name, text } })
            onUsed()
          }}
        >
          {t('own.use')}
        </Button>
      </div>
    </div>
  )
}

function PathEntry({ onUsed }: { readonly onUsed: () => void }) {
  const { t } = useTranslation('fit')
  const { client } = useHost()
  const queries = useQueryClient()
  const model = useFitDraft((draft) => draft.model)
  const [path, setPath] = useState(model.type === 'path' ? model.path : '')
  const [state, setState] = useState<{ isReading: boolean; problem: string | null }>({
    isReading: false,
    problem: null,
  })

  async function read() {
    setState({ isReading: true, problem: null })
    try {
      await queries.fetchQuery({ ...modelQuery(client, path), staleTime: 0 })
      useFitDraft.setState({ model: { type: 'path', path } })
      onUsed()
    } catch (error) {
      setState({ isReading: false, problem: errorLine(error) })
    }
  }

  return (
    <form
      className={classes.own}
      onSubmit={(event) => {
        event.preventDefault()
        if (path.trim() !== '') void read()
      }}
    >
      <Text c="dimmed">{t('own.pathHint')}</Text>
      <TextInput
        label={t('own.path')}
        placeholder="/models/llama-3.1-8b"
        value={path}
        error={state.problem}
        onChange={(event) => {
          setPath(event.currentTarget.value)
          setState({ isReading: false, problem: null })
        }}
      />
      <div className={classes.buttons}>
        <Button type="submit" disabled={path.trim() === ''} loading={state.isReading}>
          {t('own.read')}
        </Button>
      </div>
    </form>
  )
}
