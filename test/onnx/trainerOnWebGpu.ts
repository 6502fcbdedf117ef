// A process of its own, for the driver is chosen by its environment: trains by the engine's own trainer
// on WebGPU, and prints its losses, where its state lies between steps, and the weights it ends with.
import { isFed } from '../../src/core/onnx/parameterPlan'
import { createTrainer } from '../../src/engine/trainer'
import { trainerRun } from './trainerRun'

async function main(): Promise<void> {
  const { training, weights, batches } = trainerRun()
  const trainer = await createTrainer(training, weights, { provider: 'webgpu', seed: 0 })
  const losses: number[] = []
  for (const batch of batches) losses.push(await trainer.step(batch, 0.01))
  const feeds = trainer.feeds(batches[0]!, 0)
  const kept = [
    ...training.states.map(({ name }) => name),
    ...training.frozen.filter(isFed).map((each) => each.name),
  ]
  const locations = [...new Set(kept.map((name) => feeds[name]!.location))]
  const lossBefore = await trainer.loss(batches[0]!)
  const lossAgain = await trainer.loss(batches[0]!)
  const trained = await trainer.weights()
  const [, first] = [...trained][0]!
  console.log(
    JSON.stringify({
      losses,
      locations,
      lossBefore,
      lossAgain,
      first: Array.from(first.subarray(0, 64)),
    }),
  )
  await trainer.release()
}

void main()
