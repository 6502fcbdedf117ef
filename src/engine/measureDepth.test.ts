import { expect, it } from 'vitest'
import { cutDecoder } from '../core/plan/decoderModel'
import type { EngineEvent, StepRequest } from '../protocol/engineContract'
import { measureDepth } from './measureDepth'

const config = {
  model_type: 'llama',
  vocab_size: 256,
  hidden_size: 16,
  intermediate_size: 32,
  num_hidden_layers: 12,
  num_attention_heads: 2,
}
const requestFor = (layers: number | null): StepRequest => ({
  mode: 'train',
  preset: null,
  model: layers === null ? null : cutDecoder('mine', config, layers),
  precision: 'fp32',
  batchSize: 1,
  sequenceLength: 8,
  trainingSteps: 1,
  learningRate: null,
  provider: 'cpu',
  optimizer: 'adamw',
  method: 'full',
  adapterRank: 8,
  gradientAccumulationSteps: 1,
  checkpointing: 'none',
  profile: 'quick',
  seed: 0,
  processCount: 1,
  processIndex: 0,
  resourcesFolder: 'resources',
  scratchFolder: '',
})

/** A step that takes 10 ms per layer, by a clock that only it moves. */
async function measureLayers(layers: number | null) {
  const events: EngineEvent[] = []
  const depths: number[] = []
  let nowMs = 0
  let isReleased = false
  const prepare = async ({ model }: StepRequest) => {
    const depth = model!.config.numHiddenLayers
    depths.push(depth)
    return {
      run: async () => void (nowMs += 10 * depth),
      measureMemory: async () => ({
        measured: {
          allocatedPeakBytes: 1000 * depth,
          reservedPeakBytes: null,
          devicePeakBytes: null,
          baselineBytes: null,
          processBytes: null,
          source: 'test',
        },
      }),
      release: async () => void (isReleased = true),
    }
  }
  for await (const event of measureDepth(requestFor(layers), prepare, () => nowMs)) {
    events.push(event)
  }
  return { events, depths, isReleased }
}

it('measures half of the layers that are run, and lets them go again', async () => {
  const { events, depths, isReleased } = await measureLayers(4)
  expect(depths).toEqual([2])
  expect(isReleased).toBe(true)
  expect(events.some(({ type }) => type === 'latency')).toBe(false)
  const update = events.at(-1)
  expect(update).toMatchObject({
    type: 'update',
    update: {
      depth: {
        layerCount: 4,
        fullLayerCount: 12,
        shallowLayerCount: 2,
        shallowAllocatedPeakBytes: 2000,
      },
    },
  })
  const samples = update?.type === 'update' ? update.update.depth?.shallowSamplesMs : []
  expect(new Set(samples)).toEqual(new Set([20]))
})

it.each([null, 1, 12])(
  'measures nothing where nothing is to be predicted: %s layers',
  async (layers) => {
    expect((await measureLayers(layers)).events).toEqual([])
  },
)
