import { InputError } from '../errors'
import type { Architecture, StoredQuantization } from '../models/architecture'
import { architectureFromConfig } from '../models/huggingFaceConfig'
import { parameterCount } from '../models/layerShape'
import { type ModelFile, sumOver } from '../models/modelFile'
import type { ModelOnDisk } from '../models/modelOnDisk'
import type { BareWeights, ResolvedModel } from './resolvedModel'

/**
 * A relative difference beyond this is told: below it lie the buffers that files keep beside the
 * parameters (rotary frequencies), which no configuration counts.
 */
const toldDifference = 0.001

/**
 * What was read at a path, as an estimate needs it: the architecture of its configuration with the
 * quantization of its weights, or the weights alone where nothing says what they compute.
 * Throws InputError that names the file and the field of its configuration.
 */
export function resolveStoredModel(found: ModelOnDisk): ResolvedModel | BareWeights {
  const { name, config, weights, ggufType } = found
  if (weights?.tensors.length === 0) {
    throw new InputError({
      code: 'FILE_CORRUPT',
      file: name,
      path: 'tensors',
      message: 'there are none: this is a vocabulary or a graph without its weights',
    })
  }
  // The initializers of an ONNX graph are what it runs with, whatever its config.json once was.
  if (config === null || weights?.format === 'onnx') {
    if (weights) return bareWeights(name, weights)
    throw new InputError({
      code: 'NOT_FOUND',
      file: name,
      message: 'has neither a configuration nor weights',
    })
  }
  const read = namingFile(name, () => architectureFromConfig(config))
  const quantization =
    weights?.format === 'gguf' ? ggufQuantization(weights) : read.storedQuantization
  return {
    architecture: {
      ...read,
      storedQuantization: quantization,
      assumptions: [...read.assumptions, ...storageLines(read, weights, ggufType)],
    },
    fileBytes: weights?.fileBytes ?? null,
  }
}

function bareWeights(name: string, weights: ModelFile): BareWeights {
  return {
    architecture: null,
    name,
    format: weights.format,
    elementCount: sumOver(weights.tensors, 'elementCount'),
    tensorBytes: weights.tensorBytes,
    fileBytes: weights.fileBytes,
  }
}

/** The file's own bits per weight: exact, where the name of a mixture is true of one model only. */
function ggufQuantization({ tensorBytes, tensors }: ModelFile): StoredQuantization {
  return {
    scheme: 'gguf',
    bits: (8 * tensorBytes) / sumOver(tensors, 'elementCount'),
    groupSize: null,
    doubleQuant: false,
    ggufType: null,
    skip: [],
  }
}

function storageLines(
  a: Architecture,
  weights: ModelFile | null,
  ggufType: string | null,
): readonly string[] {
  if (weights === null) return []
  const lines: string[] = []
  const elements = sumOver(weights.tensors, 'elementCount')
  if (weights.format === 'gguf') {
    const bits = ((8 * weights.tensorBytes) / elements).toFixed(2)
    lines.push(
      `weights as the GGUF file stores them: ${ggufType ?? 'of no named mixture'}, ${bits} bits each`,
    )
  }
  const counted = parameterCount(a)
  const isComparable = weights.parameterCount !== null && a.storedQuantization === null
  if (isComparable && Math.abs(elements - counted) > toldDifference * counted) {
    lines.push(
      `the weights have ${elements} elements, the configuration means ${counted} parameters: the latter are counted`,
    )
  }
  return lines
}

/** Fields of a configuration are told as the file has them, below its name. */
function namingFile<T>(file: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    const { code, message } = error
    const path = error.path?.replace(/^model\.config\.?/, '') ?? ''
    throw new InputError({ code, message, path: path === '' ? null : path, file })
  }
}
