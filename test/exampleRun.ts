import type { RunRecord, Step } from '../src/core/run/record'
import { summarizeLatency } from '../src/core/statistics/summarizeLatency'
import { latencySamples, plannedStep, runRecord, stepMemory } from './runRecords'

// A whole run as the profiler stores it, for tests of reports. Figures are chosen, not measured.

function completed(medianMs: number, change: Partial<Step>): Step {
  const latencySamplesMs = latencySamples(medianMs)
  const latencyMs = summarizeLatency(latencySamplesMs)
  const step = plannedStep({ outcome: 'completed', latencySamplesMs, latencyMs, ...change })
  return { ...step, throughputPerSecond: (1000 * step.batchSize) / latencyMs.median }
}

const accuracy = (top1: number) => ({
  dataset: 'digits test',
  top1,
  top1Fp32: 0.975,
  agreementWithFp32: 0.99,
  cosineSimilarity: 0.999,
  sqnrDb: 31.2,
  validationLoss: null,
  perplexity: null,
})

const actual = (name: string) => ({
  requested: 'cpu',
  actual: name,
  nodesByProvider: { [name]: 5 },
  memcpyNodes: 0,
})

/** Memory of an engine process that grows to its plateau within half a second. */
function memorySamples(fromMs: number, toMs: number, plateauBytes: number) {
  return Array.from({ length: Math.floor((toMs - fromMs) / 100) }, (_, i) => ({
    tMs: fromMs + 100 * i,
    processBytes: plateauBytes * Math.min(1, 0.6 + 0.08 * i),
    deviceUsedBytes: null,
  }))
}

const running = (fromMs: number, toMs: number) => ({
  startedMs: fromMs,
  endedMs: toMs,
  memorySamples: memorySamples(fromMs, toMs, 2 ** 27),
  executionProvider: actual('CPUExecutionProvider'),
})

/** Inference in three precisions, training in two, and one step that could not be run. */
export function exampleRun(change: Partial<RunRecord> = {}): RunRecord {
  const weights = { weightsBytes: 68_904, activationsBytes: 49_152 }
  const training = {
    ...weights,
    gradientsBytes: 68_904,
    optimizerStatesBytes: 137_808,
    temporaryBytes: 20_000,
  }
  const epochs = [0.9, 0.95, 0.97].map((testAccuracy, i) => ({
    epoch: i + 1,
    loss: 1 / (i + 1),
    testAccuracy,
  }))
  const train = {
    mode: 'train',
    optimizer: 'adamw',
    epochs,
    loss: epochs.map(({ loss }) => loss),
  } as const
  return runRecord({
    outcome: 'partial',
    steps: [
      completed(0.42, {
        ...running(0, 2000),
        accuracy: accuracy(0.975),
        memory: stepMemory(weights, 4096),
      }),
      completed(0.45, {
        ...running(2000, 4000),
        precision: 'fp16',
        notes: ['fp16 on a CPU computes in fp32'],
        accuracy: accuracy(0.975),
        memory: stepMemory({ weightsBytes: 34_452, activationsBytes: 24_576 }, 110_000),
      }),
      completed(0.2, {
        ...running(4000, 6000),
        precision: 'int8',
        computePrecision: 'int8',
        int8Mode: 'int8-gemm',
        accuracy: accuracy(0.9722),
        memory: stepMemory({ weightsBytes: 17_226, activationsBytes: 12_288 }, -1000),
      }),
      completed(2.5, { ...running(6000, 9000), ...train, memory: stepMemory(training, 30_000) }),
      completed(4.1, {
        ...running(9000, 12_500),
        ...train,
        precision: 'fp16',
        memory: stepMemory(training, 60_000),
      }),
      plannedStep({
        ...train,
        epochs: [],
        loss: null,
        precision: 'int8',
        outcome: 'skipped',
        reason: 'int8 training is not available in this version',
      }),
    ],
    ...change,
  })
}
