// A training step on the CPU provider beside the same step in PyTorch: the same weights, batches and
// threads, in turns.
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { InferenceSession } from 'onnxruntime-node'
import { encodeModel } from '../src/core/onnx/encodeModel'
import { gptDecoder } from '../src/core/onnx/networks/gptDecoder'
import { initializeParameters, type Network } from '../src/core/onnx/networks/network'
import { initialFeeds, runScalars } from '../src/core/onnx/trainingFeeds'
import { buildTrainingGraph } from '../src/core/onnx/trainingGraph'
import { createRandom } from '../src/core/random'
import { median } from '../src/core/statistics/quantile'
import { medianOfPairedRatios } from '../src/core/statistics/ratioOfMedians'
import { tensorOf } from '../src/engine/onnx'
import type { Figure } from './figure'

interface Size {
  readonly name: string
  readonly numHiddenLayers: number
  readonly hiddenSize: number
  readonly vocabSize: number
  readonly batchSize: number
  readonly sequenceLength: number
}

const sizes: readonly Size[] = [
  {
    name: '4 × 256',
    numHiddenLayers: 4,
    hiddenSize: 256,
    vocabSize: 1024,
    batchSize: 4,
    sequenceLength: 64,
  },
  {
    name: '4 × 512',
    numHiddenLayers: 4,
    hiddenSize: 512,
    vocabSize: 4096,
    batchSize: 4,
    sequenceLength: 128,
  },
  {
    name: '6 × 384',
    numHiddenLayers: 6,
    hiddenSize: 384,
    vocabSize: 8192,
    batchSize: 8,
    sequenceLength: 64,
  },
]
/** Numbers of steps in one run; a step takes the difference of their times over that of these. */
const [few, many] = [1, 4] as const
const rounds = 15
const learningRate = 1e-3
const headSize = 64
const threadCount = availableParallelism()
/** Losses of the same weights and batches may differ by rounding alone. */
const largestLossDifference = 1e-3

/** A step's time through ONNX Runtime over PyTorch's, for one size. */
interface TrainingComparison {
  readonly size: string
  readonly ratio: number
  readonly interval: Figure['interval']
  readonly onnxruntimeStepMs: number
  readonly pytorchStepMs: number
  readonly largestLossDifference: number
}

/** @param python one that has torch */
export async function benchTraining({ python }: { readonly python: string }): Promise<Figure[]> {
  const comparisons: TrainingComparison[] = []
  for (const size of sizes) comparisons.push(await compare(size, python))
  return comparisons.flatMap((each) => [
    {
      name: `Training step of ${each.size} ÷ PyTorch's`,
      value: each.ratio,
      size: each.size,
      ratio: each.ratio,
      interval: each.interval,
      unit: '',
      goal: 1,
      how: `AdamW fp32, ${threadCount} threads; ${each.onnxruntimeStepMs.toFixed(1)} ms beside ${each.pytorchStepMs.toFixed(1)} ms; median of ${rounds} turns; a step here is the difference of runs of ${many} and ${few}`,
    },
    {
      name: `Largest difference of its first ${many} losses`,
      value: each.largestLossDifference,
      interval: null,
      unit: '',
      goal: largestLossDifference,
      how: 'same weights and batches in the same turns',
    },
  ])
}

async function compare(size: Size, python: string): Promise<TrainingComparison> {
  const network = decoder(size)
  const weights = initializeParameters(network, 0)
  const random = createRandom(1)
  const draw = () =>
    Int32Array.from({ length: size.batchSize * size.sequenceLength }, () =>
      random.integer(size.vocabSize),
    )
  const batch = { input: draw(), labels: draw() }
  const folder = mkdtempSync(join(tmpdir(), 'headroom-bench-'))
  const file = (name: string, bytes: readonly ArrayBufferView[]) => {
    const path = join(folder, name)
    writeFileSync(path, Buffer.concat(bytes.map((view) => Buffer.from(view.buffer))))
    return path
  }
  const torch = startTorch(python, {
    ...size,
    numAttentionHeads: size.hiddenSize / headSize,
    threadCount,
    learningRate,
    weights: file('weights', [...weights.values()]),
    tokens: file('tokens', [batch.input]),
    labels: file('labels', [batch.labels]),
  })
  try {
    const [short, long] = [
      await prepare(network, weights, batch, few),
      await prepare(network, weights, batch, many),
    ]
    await torch.ready
    const first = await torch.steps(many)
    const { losses } = await long()
    const differences = losses.map((loss, step) => Math.abs(loss - first.losses[step]!))
    const [ours, theirs]: [number[], number[]] = [[], []]
    for (let round = 0; round < rounds; round += 1) {
      // Of each turn the first step is not counted: the other's threads may still be spinning.
      await short()
      const [shortMs, longMs] = [(await short()).timeMs, (await long()).timeMs]
      ours.push((longMs - shortMs) / (many - few))
      const { timesMs } = await torch.steps(many)
      theirs.push(median(timesMs.slice(1)))
    }
    return {
      size: size.name,
      ...medianOfPairedRatios(ours, theirs),
      onnxruntimeStepMs: median(ours),
      pytorchStepMs: median(theirs),
      largestLossDifference: Math.max(...differences),
    }
  } finally {
    torch.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

function decoder({ name, hiddenSize, sequenceLength, ...size }: Size): Network {
  const heads = hiddenSize / headSize
  return gptDecoder(
    {
      ...size,
      name,
      hiddenSize,
      numAttentionHeads: heads,
      numKeyValueHeads: heads,
      intermediateSize: 4 * hiddenSize,
      maxPositionEmbeddings: sequenceLength,
      hiddenAct: 'gelu',
      normalization: 'layerNorm',
      normEpsilon: 1e-5,
      positions: { type: 'learned' },
      bias: true,
      tieWordEmbeddings: true,
    },
    sequenceLength,
  )
}

type Run = () => Promise<{ readonly timeMs: number; readonly losses: readonly number[] }>

/** Runs of `stepCount` steps on the same batch, each from the initial weights. */
async function prepare(
  network: Network,
  weights: ReturnType<typeof initializeParameters>,
  batch: { readonly input: Int32Array; readonly labels: Int32Array },
  stepCount: number,
): Promise<Run> {
  const training = buildTrainingGraph(network, {
    precision: 'fp32',
    batchSize: batch.input.length / network.rowsPerSample,
    optimizer: 'adamw',
    stepCount,
  })
  const session = await InferenceSession.create(encodeModel(training.graph), {
    graphOptimizationLevel: 'all',
    enableMemPattern: false,
    intraOpNumThreads: threadCount,
  })
  const repeated = (values: Int32Array) =>
    Array.from({ length: stepCount }, () => [...values]).flat()
  const values = new Map<string, ArrayLike<number>>([
    ...initialFeeds(training, weights, 0),
    ...Object.entries(
      runScalars(training, {
        stepsTaken: 0,
        learningRates: Array.from({ length: stepCount }, () => learningRate),
        lossScale: 1,
      }),
    ),
    ['input', repeated(batch.input)],
    ['labels', repeated(batch.labels)],
  ])
  const feeds = Object.fromEntries(
    training.inputs.map((port) => [port.name, tensorOf(port, values.get(port.name)!)]),
  )
  return async () => {
    const start = performance.now()
    const results = await session.run(feeds)
    const timeMs = performance.now() - start
    return { timeMs, losses: Array.from(results.loss!.data as Float32Array) }
  }
}

interface TorchAnswer {
  readonly timesMs: readonly number[]
  readonly losses: readonly number[]
}

function startTorch(python: string, size: object) {
  const child = spawn(python, ['bench/training.py', JSON.stringify(size)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const answer = async (): Promise<unknown> => {
    const { value, done } = await lines.next()
    if (done) throw new Error(`${python} ended; it needs torch: ${python} -m pip install torch`)
    return JSON.parse(value)
  }
  return {
    ready: answer(),
    async steps(count: number): Promise<TorchAnswer> {
      child.stdin.write(`${count}\n`)
      return (await answer()) as TorchAnswer
    },
    close: () => child.kill(),
  }
}
