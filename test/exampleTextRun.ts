import { defaultWorkload } from '../src/core/plan/workload'
import { deriveStepFigures } from '../src/core/run/deriveFigures'
import type { RunRecord, Step } from '../src/core/run/record'
import { latencySamples, plannedStep, runRecord, stepMemory } from './runRecords'

// A run on text as the profiler stores it, for tests of what shows it. Figures are chosen, not measured.

/** A training of four steps, validated before, in between and at the end. */
export function trainedText(medianMs: number, lastLoss: number, change: Partial<Step> = {}): Step {
  return deriveStepFigures(
    plannedStep({
      mode: 'train',
      network: { name: 'gpt-nano', parameterCount: 857_216 },
      batchSize: 16,
      sequenceLength: 64,
      optimizer: 'adamw',
      method: 'full',
      outcome: 'completed',
      latencySamplesMs: latencySamples(medianMs),
      flopsPerStep: 5e9,
      devicePeak: {
        flopsPerSecond: 2e11,
        precision: 'fp32',
        bytesPerSecond: 1e10,
        source: 'chosen',
      },
      loss: [5.5, 4, 3, 2.5],
      validation: [
        { step: 0, loss: 5.6 },
        { step: 2, loss: 3.5 },
        { step: 4, loss: lastLoss },
      ],
      accuracy: {
        dataset: 'text',
        top1: null,
        top1Fp32: null,
        agreementWithFp32: null,
        cosineSimilarity: null,
        sqnrDb: null,
        validationLoss: lastLoss,
        perplexity: Math.exp(lastLoss),
      },
      memory: stepMemory({ weightsBytes: 1e6, optimizerStatesBytes: 2e6 }, 1000),
      ...change,
    }),
  )
}

/** fp32 beside fp16-mixed. */
export function exampleTextRun(change: Partial<RunRecord> = {}): RunRecord {
  return runRecord({
    workload: {
      ...defaultWorkload,
      preset: 'gpt-nano',
      modes: ['train'],
      batchSize: 16,
      sequenceLength: 64,
      trainingSteps: 4,
    },
    steps: [trainedText(50, 2), trainedText(100, 2.02, { precision: 'fp16' })],
    ...change,
  })
}
