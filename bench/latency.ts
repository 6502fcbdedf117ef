// What Headroom's measuring adds to what it measures. Runs in a child process with a channel, as the
// engine does, and posts every event.
import { Graph } from '../src/core/onnx/graph'
import { encodeModel } from '../src/core/onnx/encodeModel'
import { buildInferenceGraph, type GraphPort } from '../src/core/onnx/inferenceGraph'
import { initializeParameters } from '../src/core/onnx/networks/network'
import { digitsCnn } from '../src/core/onnx/networks/digitsCnn'
import { median } from '../src/core/statistics/quantile'
import { medianOfPairedRatios } from '../src/core/statistics/ratioOfMedians'
import { medianInterval } from '../src/core/statistics/medianInterval'
import { sortedCopy } from '../src/core/statistics/quantile'
import { measureLatency } from '../src/engine/measure'
import { createSession, tensorOf } from '../src/engine/onnx'
import type { Figure } from './figure'

type Run = () => Promise<unknown>

const pairs = 40
const segmentMs = 500

/** One segment as Headroom measures it: median latency in ms. */
async function measuredByHeadroom(run: Run): Promise<number> {
  const samples: number[] = []
  const options = { warmupLimitMs: 0, measuredMs: segmentMs, sampleCount: 1, batchSize: 1 }
  for await (const event of measureLatency(run, options)) {
    process.send?.(event)
    if (event.type === 'latency') samples.push(...event.samplesMs)
  }
  return median(samples)
}

/** One segment of a loop that does nothing else. */
async function measuredBare(run: Run): Promise<number> {
  const samples: number[] = []
  const began = performance.now()
  while (performance.now() - began < segmentMs) {
    const start = performance.now()
    await run()
    samples.push(performance.now() - start)
  }
  return median(samples)
}

/** As `measuredBare`, for runs too short to be timed one by one: the mean of blocks of 50. */
async function measuredBareInBlocks(run: Run): Promise<number> {
  const samples: number[] = []
  const began = performance.now()
  while (performance.now() - began < segmentMs) {
    const start = performance.now()
    for (let each = 0; each < 50; each += 1) await run()
    samples.push((performance.now() - start) / 50)
  }
  return median(samples)
}

/** Alternates a and b, which of them first being swapped each time. */
async function alternate(
  a: () => Promise<number>,
  b: () => Promise<number>,
): Promise<{ a: number[]; b: number[] }> {
  const found: { a: number[]; b: number[] } = { a: [], b: [] }
  for (let pair = 0; pair < pairs; pair += 1) {
    if (pair % 2 === 0) {
      found.a.push(await a())
      found.b.push(await b())
    } else {
      found.b.push(await b())
      found.a.push(await a())
    }
  }
  return found
}

async function prepare(model: Uint8Array, port: GraphPort): Promise<Run> {
  const session = await createSession(model, 'cpu')
  const size = port.shape.reduce((product, length) => product * length, 1)
  const feeds = { [port.name]: tensorOf(port, new Float32Array(size).fill(0.5)) }
  return () => session.run(feeds)
}

export async function benchLatency(): Promise<Figure[]> {
  const batchSize = 4096
  const network = buildInferenceGraph(digitsCnn, initializeParameters(digitsCnn, 0), {
    precision: 'fp32',
    batchSize,
  })
  const run = await prepare(network.model, network.inputs[0]!)
  await measuredBare(run)
  const headroom = await alternate(
    () => measuredByHeadroom(run),
    () => measuredBare(run),
  )
  const same = await alternate(
    () => measuredBare(run),
    () => measuredBare(run),
  )
  const ratio = medianOfPairedRatios(headroom.a, headroom.b)
  const sameRatio = medianOfPairedRatios(same.a, same.b)
  const how = `digits-cnn, batch ${batchSize}, CPU, median ${median(headroom.b).toFixed(1)} ms bare; median of ${pairs} pairs of ${segmentMs} ms, alternating, one process`

  const null_ = new Graph('null')
  const input = null_.input('input', 'fp32', [1])
  null_.output('output', input)
  const runNull = await prepare(encodeModel(null_), input)
  await measuredBareInBlocks(runNull)
  const nullPairs = await alternate(
    () => measuredByHeadroom(runNull),
    () => measuredBareInBlocks(runNull),
  )
  const overheads = sortedCopy(
    nullPairs.a.map((value, index) => 1000 * (value - nullPairs.b[index]!)),
  )
  return [
    {
      name: 'Latency through Headroom ÷ bare loop',
      value: ratio.ratio,
      interval: ratio.interval,
      unit: '',
      goal: 1.02,
      how,
    },
    {
      name: 'The same, bare ÷ bare',
      value: Math.max(sameRatio.ratio, 1 / sameRatio.ratio),
      interval: sameRatio.interval,
      unit: '',
      goal: 1.01,
      how,
    },
    {
      name: 'Added to a null model',
      value: median(overheads),
      interval: medianInterval(overheads),
      unit: 'µs',
      goal: 20,
      how: `one Identity, ${(1000 * median(nullPairs.b)).toFixed(1)} µs bare; median difference of ${pairs} pairs`,
    },
  ]
}
