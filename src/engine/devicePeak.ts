import type { ExecutionProvider } from '../core/device'
import { elementCount } from '../core/onnx/graph'
import { buildCopyPeak, buildGemmPeak, type PeakGraph } from '../core/onnx/peakGraphs'
import type { DevicePeak } from '../core/run/record'
import { createSession, tensorOf } from './onnx'

/** Sides of the products and elements of the copies, from one that any device does to one that fills the fastest. */
const gemmSizes = [256, 512, 1024, 2048, 4096] as const
const copySizes = [2 ** 20, 2 ** 22, 2 ** 24, 2 ** 26] as const

/** A short chain and a long one: what both take beside the operations cancels out. */
const [few, many] = [2, 6] as const

/** A chain this long shows what a device gives once it is busy, ms. */
const longEnoughMs = 8

/** The fastest of so many runs is what the device can do; others were disturbed. */
const runCount = 5

/**
 * The most that `provider` gives: matrix products in `precision`, and copies in fp32, of the smallest size
 * that keeps it busy. Each is timed at two lengths of the graph, so that starting it and crossing the bus
 * cancel out. Null where it cannot be told: too little memory, or a clock that ran backwards.
 */
export async function* measureDevicePeak(
  provider: ExecutionProvider,
  precision: 'fp32' | 'fp16',
): AsyncGenerator<void, DevicePeak | null> {
  try {
    const gemm = yield* timeOne(provider, gemmSizes, (size, count) =>
      buildGemmPeak(precision, { size, count }),
    )
    const copy = yield* timeOne(provider, copySizes, (elements, count) =>
      buildCopyPeak({ elements, count }),
    )
    if (gemm.ms <= 0 || copy.ms <= 0) return null
    return {
      flopsPerSecond: (1000 * 2 * gemm.size ** 3) / gemm.ms,
      precision,
      bytesPerSecond: (1000 * 2 * 4 * copy.size) / copy.ms,
      source: `matrix products of ${gemm.size}³ in ${precision} and copies of ${(4 * copy.size) / 2 ** 20} MiB by the same provider: the difference between ${many} and ${few} of them, fastest of ${runCount} runs`,
    }
  } catch {
    // Too little memory beside the network: the step itself is measured all the same.
    return null
  }
}

/** What one operation takes, ms, at the first size whose short chain lasts long enough. */
async function* timeOne(
  provider: ExecutionProvider,
  sizes: readonly number[],
  build: (size: number, count: number) => PeakGraph,
): AsyncGenerator<void, { readonly size: number; readonly ms: number }> {
  let size = sizes[0]!
  let fewMs = 0
  for (size of sizes) {
    fewMs = yield* fastestMs(provider, build(size, few))
    if (fewMs >= longEnoughMs) break
  }
  const manyMs = yield* fastestMs(provider, build(size, many))
  return { size, ms: (manyMs - fewMs) / (many - few) }
}

/** Breaks off after any run, if nobody asks for the next. */
async function* fastestMs(
  provider: ExecutionProvider,
  { inputs, fill, model }: PeakGraph,
): AsyncGenerator<void, number> {
  const feeds = Object.fromEntries(
    inputs.map((port) => [
      port.name,
      tensorOf(port, new Float32Array(elementCount(port.shape)).fill(fill[port.name]!)),
    ]),
  )
  const session = await createSession(model, provider)
  try {
    let fastest = Number.POSITIVE_INFINITY
    for (let run = 0; run < runCount; run += 1) {
      const start = performance.now()
      await session.run(feeds)
      fastest = Math.min(fastest, performance.now() - start)
      yield
    }
    return fastest
  } finally {
    await session.release()
  }
}
