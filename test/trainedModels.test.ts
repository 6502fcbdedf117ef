import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { trainModel } from '../scripts/models/trainModels'
import { InputError } from '../src/core/errors'
import { parseTrainedWeights, trainedWeightsFile } from '../src/core/models/trainedWeights'
import { presetNetwork } from '../src/core/onnx/networks/presets'
import { measureQuantizationAccuracy, quantizeNetwork } from '../src/engine/quantization'

const presets = ['digits-mlp', 'digits-cnn'] as const
const resourcesFolder = 'resources'
const seeds = [0, 1, 2, 3, 4]
const mean = (values: readonly number[]) =>
  values.reduce((sum, value) => sum + value) / values.length

// Ten trainings of the CNN take 30 s of an idle core, and three times that of a busy one.
describe.each(presets)('%s', { timeout: 600_000 }, (preset) => {
  const network = presetNetwork(preset)
  const committed = readFileSync(`resources/${trainedWeightsFile(preset)}`)

  it('trains to the committed weights again', async () => {
    const { weights } = await trainModel(preset)
    const expected = parseTrainedWeights(committed, network)
    for (const { name } of network.parameters) {
      const difference = weights.get(name)!.map((value, i) => value - expected.get(name)![i]!)
      // Another processor adds in another order, and 480 steps spread the difference.
      expect(Math.hypot(...difference) / Math.hypot(...expected.get(name)!), name).toBeLessThan(
        0.05,
      )
    }
  })

  it('reaches the accuracy that it promises, over 5 seeds, and fp16-mixed within half a point', async () => {
    const accuracies = { fp32: [] as number[], mixed: [] as number[] }
    for (const seed of seeds) {
      accuracies.fp32.push((await trainModel(preset, { seed })).testAccuracy)
      accuracies.mixed.push(
        (await trainModel(preset, { seed, precision: 'fp16-mixed' })).testAccuracy,
      )
    }
    expect(mean(accuracies.fp32)).toBeGreaterThanOrEqual(preset === 'digits-mlp' ? 0.965 : 0.975)
    const differences = accuracies.fp32.map((value, index) => value - accuracies.mixed[index]!)
    expect(Math.abs(mean(differences))).toBeLessThanOrEqual(0.005)
  })

  it('loses at most one point in int8 by every method of calibration', async () => {
    const { accuracyByMethod, tensors } = await quantizeNetwork({ preset, resourcesFolder })
    for (const { top1, top1Fp32, cosineSimilarity } of Object.values(accuracyByMethod)) {
      expect(top1).toBeGreaterThanOrEqual(top1Fp32 - 0.01)
      expect(cosineSimilarity).toBeGreaterThan(0.99)
    }
    // pixels end at 1
    expect(tensors[0]!.maxAbs).toBe(1)
  })

  it('loses visibly more with ranges a hundred times too small', async () => {
    const { tensors, accuracyByMethod } = await quantizeNetwork({ preset, resourcesFolder })
    const alphas = Object.fromEntries(tensors.map(({ name, maxAbs }) => [name, maxAbs / 100]))
    const { top1 } = await measureQuantizationAccuracy({ preset, resourcesFolder, alphas })
    expect(top1).toBeLessThan(accuracyByMethod.max.top1 - 0.05)
  })

  it('asks for one range per activation', async () => {
    await expect(
      measureQuantizationAccuracy({ preset, resourcesFolder, alphas: {} }),
    ).rejects.toThrow(InputError)
  })

  it('refuses a file that lost its end', () => {
    expect(() => parseTrainedWeights(committed.subarray(0, 1000), network)).toThrow(InputError)
  })
})
