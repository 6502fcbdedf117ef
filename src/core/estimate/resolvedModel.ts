import { InputError } from '../errors'
import type { Architecture, ModelHead } from '../models/architecture'
import { findCatalogueModel } from '../models/catalogue'
import { architectureFromConfig } from '../models/huggingFaceConfig'
import type { ModelFile } from '../models/modelFile'
import type { Job } from './job'

/** A model as far as an estimate needs it. */
export interface ResolvedModel {
  readonly architecture: Architecture
  /** Size of the file that the model was read from; null where it was none. */
  readonly fileBytes: number | null
}

/** Weights of which nothing says what they compute: an ONNX graph, tensors without a config.json. */
export interface BareWeights {
  readonly architecture: null
  /** Base name of the file. */
  readonly name: string
  readonly format: ModelFile['format']
  /** Of all tensors; packed ones hold several weights in one. */
  readonly elementCount: number
  /** Bytes of all tensors. */
  readonly tensorBytes: number
  readonly fileBytes: number
}

/** Architectures by the config object they came from: a sweep asks for one model many times. */
const known = new WeakMap<object, Architecture>()

/**
 * The model of a job that needs no file: an inline config or a name of the catalogue.
 * Throws InputError for a path, which only a host can read, and for what the config lacks.
 */
export function resolveModel(job: Pick<Job, 'model'>): ResolvedModel {
  const { config, name } = job.model
  const source = config ?? (name === undefined ? null : findCatalogueModel(name).config)
  if (!source) {
    throw new InputError({
      code: 'UNSUPPORTED',
      path: 'model.path',
      message: 'a file must be read before it can be estimated; give model.config or model.name',
    })
  }
  const found = known.get(source)
  const architecture = found ?? architectureFromConfig(source)
  if (!found) known.set(source, architecture)
  return { architecture, fileBytes: null }
}

/** The head that a job asks for, or the one that the model_type usually has. */
export function headOf(job: Job, a: Architecture): ModelHead {
  return job.head ?? a.head.default
}
