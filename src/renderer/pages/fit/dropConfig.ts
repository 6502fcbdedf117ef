import type { TFunction } from 'i18next'
import { maxConfigLength } from './fitDraft'
import { useFitDraft } from './fitDraftStore'
import { useOwnConfig } from './ownConfig'
import { parseConfigText } from './parseConfigText'

/** Takes the config.json that was dropped on the page; returns what is wrong with it, or null. */
export async function dropConfig(
  data: DataTransfer,
  t: TFunction<['fit', 'common']>,
): Promise<string | null> {
  const [file] = data.files
  if (!file) return null
  if (file.size > maxConfigLength) {
    return t('drop.tooLarge', { name: file.name })
  }
  const text = await file.text()
  // What was dropped can be mended in the dialogue, right or wrong.
  useOwnConfig.setState({ name: file.name, text })
  const { problem } = parseConfigText(text)
  if (problem !== null) return `${file.name}: ${problem}`
  useFitDraft.setState({ model: { type: 'config', name: file.name, text } })
  return null
}
