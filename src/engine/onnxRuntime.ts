import { createRequire } from 'node:module'
import type * as OnnxRuntime from 'onnxruntime-node'

/**
 * Which ONNX Runtime this process uses: the one that comes with the application, or the copy that
 * `headroom setup cuda` made. ONNX Runtime looks for a provider's library only beside its own, and the
 * application's folder need not be writable.
 */
const home = process.env.HEADROOM_ONNXRUNTIME ?? import.meta.filename

const runtime = createRequire(home)('onnxruntime-node') as typeof OnnxRuntime

export const { env, listSupportedBackends, InferenceSession, Tensor } = runtime
export type InferenceSession = OnnxRuntime.InferenceSession
export type Tensor = OnnxRuntime.Tensor
