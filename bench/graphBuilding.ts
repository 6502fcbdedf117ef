// What a training graph takes before the first step: built and encoded here, and apart from that the
// session that ONNX Runtime makes of it.
import { availableParallelism } from 'node:os'
import { InferenceSession } from 'onnxruntime-node'
import { decoderFromConfig } from '../src/core/models/decoderConfig'
import { encodeModel } from '../src/core/onnx/encodeModel'
import { gptDecoder } from '../src/core/onnx/networks/gptDecoder'
import { buildTrainingGraph } from '../src/core/onnx/trainingGraph'
import { median } from '../src/core/statistics/quantile'
import type { Figure } from './figure'

/** GPT-2 medium: 24 layers, 355 million parameters. */
const network = gptDecoder(
  decoderFromConfig('gpt2-medium', {
    model_type: 'gpt2',
    n_layer: 24,
    n_embd: 1024,
    n_head: 16,
    vocab_size: 50_257,
    n_positions: 1024,
  }),
  128,
)
const stepCount = 4
const repetitions = 5

export async function benchGraphBuilding(): Promise<Figure[]> {
  const build = () => {
    const start = performance.now()
    const { graph } = buildTrainingGraph(network, {
      precision: 'fp32',
      batchSize: 1,
      optimizer: 'adamw',
      stepCount,
    })
    const model = encodeModel(graph)
    return { model, nodeCount: graph.nodes.length, timeMs: performance.now() - start }
  }
  const first = build()
  const times = Array.from({ length: repetitions }, () => build().timeMs)
  const start = performance.now()
  const session = await InferenceSession.create(first.model, {
    enableMemPattern: false,
    intraOpNumThreads: availableParallelism(),
  })
  const sessionMs = performance.now() - start
  await session.release()
  const what = `gpt2-medium, AdamW fp32, ${stepCount} steps: ${first.nodeCount} nodes, ${(first.model.length / 2 ** 20).toFixed(1)} MiB`
  return [
    {
      name: 'A training graph of 24 layers built and encoded, the first time in a process',
      value: first.timeMs,
      interval: null,
      unit: 'ms',
      goal: 1000,
      how: what,
    },
    {
      name: 'The same again',
      value: median(times),
      interval: null,
      unit: 'ms',
      goal: 1000,
      how: `median of ${repetitions}; ONNX Runtime takes ${(sessionMs / 1000).toFixed(1)} s more to make a session of it`,
    },
  ]
}
