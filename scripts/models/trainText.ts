// Trains the decoder that comes with the application. Same seed, same machine: same weights.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  drawTokens,
  splitText,
  textFile,
  validationBatches,
} from '../../src/core/datasets/byteText'
import { encodeTrainedWeights } from '../../src/core/models/trainedWeights'
import { initializeParameters } from '../../src/core/onnx/networks/network'
import { buildTrainingGraph } from '../../src/core/onnx/trainingGraph'
import { textLearningRate, textRateShare } from '../../src/core/plan/trainingDefaults'
import { textPresets } from '../../src/core/plan/textPresets'
import { workloadNetwork } from '../../src/core/plan/workloadNetwork'
import { createRandom } from '../../src/core/random'
import { createTrainer } from '../../src/engine/trainer'

const [batchSize, sequenceLength, stepCount] = [16, 64, 800]
const seed = 0

/** Trains `gpt-nano` with AdamW on the CPU; its weights are stored in fp16, which costs it nothing. */
export async function trainTextModel(
  preset: 'gpt-nano',
): Promise<{ readonly file: Uint8Array; readonly validationLoss: number }> {
  const text = splitText(readFileSync(join('resources', textFile)))
  const network = workloadNetwork({ preset, model: null, sequenceLength })
  const size = { batchSize, sequenceLength }
  const optimizer = 'adamw'
  const training = buildTrainingGraph(network, { precision: 'fp32', batchSize, optimizer })
  const trainer = await createTrainer(training, initializeParameters(network, seed), {
    provider: 'cpu',
    seed,
  })
  const random = createRandom(seed)
  const learningRate = textLearningRate(textPresets[preset].config.hiddenSize, optimizer)
  for (let step = 0; step < stepCount; step += 1) {
    const { tokens, labels } = drawTokens(text.train, size, random)
    await trainer.step({ input: tokens, labels }, learningRate * textRateShare(step, stepCount))
  }
  let lossSum = 0
  const batches = validationBatches(text.validation, size)
  for (const { tokens, labels } of batches) lossSum += await trainer.loss({ input: tokens, labels })
  const validationLoss = lossSum / batches.length
  const metadata = {
    network: preset,
    dataset: 'Persuasion (Jane Austen), first nine tenths, as bytes',
    optimizer: `${optimizer}, learning rate up to ${learningRate}, batch ${batchSize} × ${sequenceLength}, ${stepCount} steps`,
    seed: String(seed),
    validationLoss: validationLoss.toFixed(4),
    format: 'headroom',
  }
  const file = encodeTrainedWeights(network, await trainer.weights(), metadata, 'F16')
  await trainer.release()
  return { file, validationLoss }
}
