import { Float16Array } from '@petamoriken/float16'
import * as ort from 'onnxruntime-node'
import { encodeModel } from '../../src/core/onnx/encodeModel'
import type { Graph, Value } from '../../src/core/onnx/graph'

/** Runs graphs on the real CPU provider, numbers in and numbers out. */

export type Feeds = Readonly<Record<string, ArrayLike<number>>>
export type Fetches = Readonly<Record<string, readonly number[]>>

export interface GraphRunner {
  run(feeds: Feeds): Promise<Fetches>
  release(): Promise<void>
}

export async function startGraph(
  graph: Graph,
  options: ort.InferenceSession.SessionOptions = {},
): Promise<GraphRunner> {
  const session = await ort.InferenceSession.create(encodeModel(graph), {
    intraOpNumThreads: 1,
    ...options,
  })
  return {
    async run(feeds) {
      const tensors = graph.inputs.map(
        (input) => [input.name, feedTensor(input, feeds[input.name])] as const,
      )
      const results = await session.run(Object.fromEntries(tensors))
      return Object.fromEntries(
        Object.entries(results).map(([name, tensor]) => [name, numbersOf(tensor)]),
      )
    },
    release: () => session.release(),
  }
}

/** Runs a graph once. */
export async function runGraph(
  graph: Graph,
  feeds: Feeds = {},
  options: ort.InferenceSession.SessionOptions = {},
): Promise<Fetches> {
  const runner = await startGraph(graph, options)
  const results = await runner.run(feeds)
  await runner.release()
  return results
}

export function feedTensor(value: Value, numbers: ArrayLike<number> | undefined): ort.Tensor {
  if (!numbers) throw new Error(`nothing is fed to ${value.name}`)
  const dims = [...value.shape]
  switch (value.dtype) {
    case 'fp64':
      return new ort.Tensor('float64', Float64Array.from(numbers), dims)
    case 'fp32':
      return new ort.Tensor('float32', Float32Array.from(numbers), dims)
    case 'fp16':
      return new ort.Tensor(
        'float16',
        new Uint16Array(Float16Array.from(numbers).buffer as ArrayBuffer),
        dims,
      )
    case 'int8':
      return new ort.Tensor('int8', Int8Array.from(numbers), dims)
    case 'uint8':
      return new ort.Tensor('uint8', Uint8Array.from(numbers), dims)
    case 'int32':
      return new ort.Tensor('int32', Int32Array.from(numbers), dims)
    case 'int64':
      return new ort.Tensor('int64', BigInt64Array.from(Array.from(numbers, BigInt)), dims)
    case 'bf16':
    case 'int4':
    case 'bool':
      throw new Error(`${value.name}: tests feed no ${value.dtype}`)
  }
}

function numbersOf(tensor: ort.Tensor): readonly number[] {
  if (tensor.type === 'float16') {
    const { buffer, byteOffset, length } = tensor.data as Uint16Array
    return Array.from(new Float16Array(buffer as ArrayBuffer, byteOffset, length))
  }
  return Array.from(tensor.data as ArrayLike<number | bigint>, Number)
}
