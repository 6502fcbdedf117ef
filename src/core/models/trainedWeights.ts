import { InputError } from '../errors'
import type { Network, Weights } from '../onnx/networks/network'

/** Path below the resources folder: safetensors, which any tool reads. */
export function trainedWeightsFile(preset: string): string {
  return `models/${preset}.safetensors`
}

/** What is known of a training besides its weights; safetensors holds text only. */
export type TrainingMetadata = Readonly<Record<string, string>>

/** fp32 weights as a safetensors file: header length (u64), JSON header, tensors one after the other. */
export function encodeTrainedWeights(
  network: Network,
  weights: Weights,
  metadata: TrainingMetadata,
): Uint8Array {
  let offset = 0
  const tensors = network.parameters.map(({ name, shape }) => {
    const values = weights.get(name)
    if (!values) throw new Error(`there are no weights for ${name}`)
    const begin = offset
    offset += values.byteLength
    return { name, shape, values, begin, end: offset }
  })
  const header: Record<string, unknown> = { __metadata__: metadata }
  for (const { name, shape, begin, end } of tensors) {
    header[name] = { dtype: 'F32', shape, data_offsets: [begin, end] }
  }
  const text = JSON.stringify(header)
  const json = new TextEncoder().encode(text.padEnd(Math.ceil(text.length / 8) * 8))
  const file = new Uint8Array(8 + json.length + offset)
  new DataView(file.buffer).setBigUint64(0, BigInt(json.length), true)
  file.set(json, 8)
  for (const { values, begin } of tensors) {
    file.set(
      new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
      8 + json.length + begin,
    )
  }
  return file
}

/**
 * The weights of `network` in a file of ours.
 * @throws InputError FILE_CORRUPT naming what is missing or of another shape
 */
export function parseTrainedWeights(bytes: Uint8Array, network: Network): Weights {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const headerLength = bytes.length < 8 ? -1 : Number(view.getBigUint64(0, true))
  if (headerLength < 0 || 8 + headerLength > bytes.length)
    throw corrupt(network, 'it has no header')
  const header = parseHeader(bytes.subarray(8, 8 + headerLength), network)
  return new Map(
    network.parameters.map(({ name, shape }) => {
      const tensor = header[name]
      const size = shape.reduce((product, length) => product * length, 1)
      if (tensor?.dtype !== 'F32' || String(tensor.shape) !== String(shape)) {
        throw corrupt(network, `${name} is not fp32 of shape [${shape.join(', ')}]`)
      }
      const begin = 8 + headerLength + (tensor.data_offsets?.[0] ?? 0)
      if (begin + 4 * size > bytes.length) throw corrupt(network, `${name} ends after the file`)
      const values = Float32Array.from({ length: size }, (_, index) =>
        view.getFloat32(begin + 4 * index, true),
      )
      return [name, values]
    }),
  )
}

type Header = Readonly<
  Record<string, { dtype?: string; shape?: number[]; data_offsets?: number[] } | undefined>
>

function parseHeader(bytes: Uint8Array, network: Network): Header {
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as Header
  } catch {
    throw corrupt(network, 'its header is no JSON')
  }
}

function corrupt({ name }: Network, what: string): InputError {
  return new InputError({
    code: 'FILE_CORRUPT',
    file: trainedWeightsFile(name),
    message: `${what}; make the file again with npm run make:models`,
  })
}
