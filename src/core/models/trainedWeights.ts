import { getFloat16 } from '@petamoriken/float16'
import { InputError } from '../errors'
import { elementCount, formatShape } from '../onnx/graph'
import type { Network, Parameter, Weights } from '../onnx/networks/network'
import { tensorBytes } from '../onnx/tensorData'
import { isRecord } from './jsonHeader'

/** Path below the resources folder: safetensors, which any tool reads. */
export function trainedWeightsFile(preset: string): string {
  return `models/${preset}.safetensors`
}

/** What is known of a training besides its weights; safetensors holds text only. */
export type TrainingMetadata = Readonly<Record<string, string>>

/** Types that weights are stored in, by the names of safetensors. */
export type StoredWeights = 'F32' | 'F16'

const bytesPerWeight: Readonly<Record<StoredWeights, number>> = { F32: 4, F16: 2 }

/** Weights as a safetensors file: header length (u64), JSON header, tensors one after the other. */
export function encodeTrainedWeights(
  network: Network,
  weights: Weights,
  metadata: TrainingMetadata,
  dtype: StoredWeights = 'F32',
): Uint8Array {
  let offset = 0
  const tensors = network.parameters.map(({ name, shape }) => {
    const values = weights.get(name)
    if (!values) throw new Error(`there are no weights for ${name}`)
    const begin = offset
    offset += bytesPerWeight[dtype] * values.length
    const stored = tensorBytes(dtype === 'F16' ? 'fp16' : 'fp32', values)
    return { name, shape, stored, begin, end: offset }
  })
  const header: Record<string, unknown> = { __metadata__: metadata }
  for (const { name, shape, begin, end } of tensors) {
    header[name] = { dtype, shape, data_offsets: [begin, end] }
  }
  const text = JSON.stringify(header)
  const json = new TextEncoder().encode(text.padEnd(Math.ceil(text.length / 8) * 8))
  const file = new Uint8Array(8 + json.length + offset)
  new DataView(file.buffer).setBigUint64(0, BigInt(json.length), true)
  file.set(json, 8)
  for (const { stored, begin } of tensors) file.set(stored, 8 + json.length + begin)
  return file
}

/**
 * The weights of `network` in a file of ours.
 * @throws InputError FILE_CORRUPT naming what is missing, of another shape or not finite
 */
export function parseTrainedWeights(bytes: Uint8Array, network: Network): Weights {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const headerLength = bytes.length < 8 ? -1 : Number(view.getBigUint64(0, true))
  if (headerLength < 0 || 8 + headerLength > bytes.length)
    throw corrupt(network, 'it has no header')
  const header = parseHeader(bytes.subarray(8, 8 + headerLength), network)
  const dataStart = 8 + headerLength
  return new Map(
    network.parameters.map(({ name, shape }) => {
      const { dtype, offset } = placeOf(network, header[name], { name, shape })
      const begin = dataStart + offset
      const size = elementCount(shape)
      const width = bytesPerWeight[dtype]
      if (begin + width * size > bytes.length) throw corrupt(network, `${name} ends after the file`)
      const values = Float32Array.from({ length: size }, (_, index) =>
        dtype === 'F16'
          ? getFloat16(view, begin + width * index, true)
          : view.getFloat32(begin + width * index, true),
      )
      if (!values.every(Number.isFinite)) throw corrupt(network, `${name} is not finite`)
      return [name, values]
    }),
  )
}

/** How a tensor is stored and where it begins in the data, once it is the one that the network wants. */
function placeOf(
  network: Network,
  entry: unknown,
  { name, shape }: Pick<Parameter, 'name' | 'shape'>,
): { readonly dtype: StoredWeights; readonly offset: number } {
  const { dtype, shape: found, data_offsets: offsets } = isRecord(entry) ? entry : {}
  const isStored = dtype === 'F32' || dtype === 'F16'
  if (!isStored || !Array.isArray(found) || JSON.stringify(found) !== JSON.stringify(shape)) {
    throw corrupt(network, `${name} is not fp32 or fp16 of shape ${formatShape(shape)}`)
  }
  const begin: unknown = Array.isArray(offsets) ? offsets[0] : undefined
  if (typeof begin !== 'number' || !Number.isSafeInteger(begin) || begin < 0) {
    throw corrupt(network, `${name} has no place in it`)
  }
  return { dtype, offset: begin }
}

function parseHeader(bytes: Uint8Array, network: Network): Readonly<Record<string, unknown>> {
  let header: unknown
  try {
    header = JSON.parse(new TextDecoder().decode(bytes))
  } catch {
    throw corrupt(network, 'its header is no JSON')
  }
  if (!isRecord(header)) throw corrupt(network, 'its header is no object')
  return header
}

function corrupt({ name }: Network, what: string): InputError {
  return new InputError({
    code: 'FILE_CORRUPT',
    file: trainedWeightsFile(name),
    message: `${what}; make the file again with npm run make:models`,
  })
}
