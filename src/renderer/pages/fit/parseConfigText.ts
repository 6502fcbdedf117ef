import { InputError } from '../../../core/errors'
import type { Architecture } from '../../../core/models/architecture'
import { architectureFromConfig } from '../../../core/models/huggingFaceConfig'
import { maxConfigLength } from './fitDraft'

export type ParsedConfig =
  | {
      readonly architecture: Architecture
      readonly config: Readonly<Record<string, unknown>>
      readonly problem: null
    }
  | {
      readonly architecture: null
      readonly config: null
      /** One line: the field, its value and the way out. */
      readonly problem: string
    }

/** The text of a config.json, or what keeps it from being one. */
export function parseConfigText(text: string): ParsedConfig {
  if (text.length > maxConfigLength) {
    return refused(`${text.length} characters are no config.json: ${maxConfigLength} at most`)
  }
  let config: unknown
  try {
    config = JSON.parse(text)
  } catch (error) {
    const where = error instanceof SyntaxError ? `: ${firstLine(error.message)}` : ''
    return refused(`this is not JSON${where}`)
  }
  try {
    const architecture = architectureFromConfig(config)
    return { architecture, config: config as Readonly<Record<string, unknown>>, problem: null }
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    const field = error.path?.replace(/^model\.config\.?/, '') ?? ''
    return refused(field === '' ? `the file ${error.message}` : `${field}: ${error.message}`)
  }
}

const refused = (problem: string) => ({ architecture: null, config: null, problem }) as const

/** Engines quote the text around the mistake, which may be long. */
function firstLine(message: string): string {
  const [line = ''] = message.split('\n')
  return line.length > 160 ? `${line.slice(0, 157)}…` : line
}
