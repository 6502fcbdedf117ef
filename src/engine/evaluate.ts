import { paddedBatches } from '../core/datasets/batches'
import type { LabelledImages } from '../core/datasets/labelledImages'
import type { ExecutionProvider } from '../core/device'
import type { InferenceGraph } from '../core/onnx/inferenceGraph'
import { createSession, floatsOf, type InferenceSession, tensorOf } from './onnx'

type Ports = Pick<InferenceGraph, 'inputs' | 'outputs'>

/** Logits of every image in order, row by row: [images, classes]. */
export async function computeLogits(
  session: InferenceSession,
  { inputs, outputs }: Ports,
  images: LabelledImages,
): Promise<Float32Array> {
  const input = inputs[0]!
  const output = outputs[0]!
  const [batchSize, classCount] = [input.shape[0]!, output.shape.at(-1)!]
  const logits = new Float32Array(images.count * classCount)
  let filled = 0
  for (const batch of paddedBatches(images, batchSize)) {
    const results = await session.run({ [input.name]: tensorOf(input, batch.images.pixels) })
    const used = floatsOf(results, output.name).subarray(0, batch.used * classCount)
    logits.set(used, filled)
    filled += used.length
  }
  return logits
}

/** As `computeLogits`, by a session that lives only for that. */
export async function computeLogitsOnce(
  inference: Ports & Pick<InferenceGraph, 'model'>,
  provider: ExecutionProvider,
  images: LabelledImages,
): Promise<Float32Array> {
  const session = await createSession(inference.model, provider)
  try {
    return await computeLogits(session, inference, images)
  } finally {
    await session.release()
  }
}
