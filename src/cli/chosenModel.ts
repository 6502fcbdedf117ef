import { extname } from 'node:path'
import { InputError } from '../core/errors'
import { type BareWeights, resolveModel, type ResolvedModel } from '../core/estimate/resolvedModel'
import { findCatalogueModel } from '../core/models/catalogue'
import { createModelReader, exists } from '../profiler/modelReader'

/** What `--model` means: a file or folder that is there, else a name of the catalogue. */
export interface ChosenModel {
  /** As a person calls it. */
  readonly label: string
  /** As a Job names it. */
  readonly model: { readonly path: string } | { readonly name: string }
  readonly resolved: ResolvedModel | BareWeights
}

const fileTypes = new Set([
  '.json',
  '.safetensors',
  '.gguf',
  '.onnx',
  '.bin',
  '.pt',
  '.pth',
  '.pkl',
])

/** Throws InputError where it is neither, or the file cannot be used. */
export async function chooseModel(text: string): Promise<ChosenModel> {
  if ((await exists(text)) || looksLikePath(text)) {
    return {
      label: text,
      model: { path: text },
      resolved: await createModelReader([process.cwd()])(text),
    }
  }
  return namingFlag(() => namedModel(text))
}

function namingFlag<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    throw new InputError({ code: error.code, path: '--model', message: error.message })
  }
}

function looksLikePath(text: string): boolean {
  return /^([./~\\]|[a-z]:\\)/i.test(text) || fileTypes.has(extname(text).toLowerCase())
}

/** The model of the catalogue that a training file names as its base. */
export function baseModel(name: string, file: string): ChosenModel {
  try {
    return namedModel(name)
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    throw new InputError({
      code: 'NOT_FOUND',
      path: 'base model',
      file,
      message: `"${name.slice(0, 80)}" is not in the catalogue; give its config.json or folder as --model`,
    })
  }
}

function namedModel(text: string): ChosenModel {
  const { id, name } = findCatalogueModel(text)
  return { label: name, model: { name: id }, resolved: resolveModel({ model: { name: id } }) }
}
