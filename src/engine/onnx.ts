import { Float16Array } from '@petamoriken/float16'
import type { ExecutionProvider } from '../core/device'
import { InputError } from '../core/errors'
import type { GraphPort } from '../core/onnx/inferenceGraph'
import { env, InferenceSession, listSupportedBackends, Tensor } from './onnxRuntime'

// With onnxRuntime.ts the only file that knows onnxruntime-node. `run` and `create` block this thread until they are done.

export type { InferenceSession, Tensor } from './onnxRuntime'

export type Feeds = Readonly<Record<string, Tensor>>

export const onnxruntimeVersion: string = env.versions.node ?? env.versions.common

/** Providers that this build of ONNX Runtime knows; one that it does not is dropped in silence. */
export function knownProviders(): string[] {
  return listSupportedBackends().map(({ name }) => name)
}

/**
 * A session whose every node runs on `provider`: where one cannot, creation fails instead of moving
 * it to the CPU unseen.
 * @param profilePrefix path that ONNX Runtime's profile file begins with; not profiled without
 * @param outputLocations where outputs stay; on the host where it names none
 */
export function createSession(
  model: Uint8Array,
  provider: ExecutionProvider,
  {
    profilePrefix,
    outputLocations,
  }: {
    readonly profilePrefix?: string
    readonly outputLocations?: Readonly<Record<string, 'cpu' | 'gpu-buffer'>>
  } = {},
): Promise<InferenceSession> {
  if (!knownProviders().includes(provider)) {
    throw new InputError({
      code: 'UNSUPPORTED',
      message: `this build of ONNX Runtime has no ${provider} provider`,
    })
  }
  return InferenceSession.create(model, {
    executionProviders: [provider],
    graphOptimizationLevel: 'all',
    // Laying activations out ahead costs memory in training graphs, and makes the second run differ.
    enableMemPattern: false,
    ...(provider === 'cpu' ? {} : { extra: { session: { disable_cpu_ep_fallback: '1' } } }),
    ...(outputLocations === undefined ? {} : { preferredOutputLocation: { ...outputLocations } }),
    ...(profilePrefix === undefined
      ? {}
      : { enableProfiling: true, profileFilePrefix: profilePrefix }),
  })
}

/** A tensor for `port`, of a copy of `values` in its type. */
export function tensorOf(port: GraphPort, values: ArrayLike<number>): Tensor {
  const shape = [...port.shape]
  switch (port.dtype) {
    case 'fp32':
      return new Tensor('float32', Float32Array.from(values), shape)
    case 'fp16':
      // Where JavaScript has no Float16Array of its own, ONNX Runtime takes the bits.
      return new Tensor('float16', new Uint16Array(Float16Array.from(values).buffer), shape)
    case 'int8':
      return new Tensor('int8', Int8Array.from(values), shape)
    case 'uint8':
      return new Tensor('uint8', Uint8Array.from(values), shape)
    case 'int32':
      return new Tensor('int32', Int32Array.from(values), shape)
    case 'int64':
      return new Tensor('int64', BigInt64Array.from(Array.from(values, BigInt)), shape)
    case 'fp64':
    case 'bf16':
    case 'int4':
    case 'bool':
      throw new Error(`${port.name}: tensors of ${port.dtype} are not fed`)
  }
}

/** The values of an output that is fp32. */
export function floatsOf(outputs: Readonly<Record<string, Tensor>>, name: string): Float32Array {
  const data = outputs[name]?.data
  if (!(data instanceof Float32Array)) throw new Error(`the session gave no fp32 output ${name}`)
  return data
}
