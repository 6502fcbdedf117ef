import type { ExecutionProvider } from '../core/device'
import { elementCount } from '../core/onnx/graph'
import { buildCopyPeak, buildGemmPeak, type PeakGraph } from '../core/onnx/peakGraphs'
import type { DevicePeak } from '../core/run/record'
import { createSession, tensorOf } from './onnx'

/** Sizes at which a device is busy with nothing else; a CPU is, long before a GPU. */
const sizes = {
  cpu: { gemm: 768, copyElements: 2 ** 24, counts: [2, 6] },
  gpu: { gemm: 4096, copyElements: 2 ** 26, counts: [4, 20] },
} as const

/** The fastest of so many runs is what the device can do; others were disturbed. */
const runCount = 5

/**
 * The most that `provider` gives: matrix products in `precision`, and copies in fp32. Each is timed at
 * two lengths of the graph, so that starting it and crossing the bus cancel out. Null where it cannot be
 * told: too little memory, or a clock that ran backwards.
 */
export async function measureDevicePeak(
  provider: ExecutionProvider,
  precision: 'fp32' | 'fp16',
): Promise<DevicePeak | null> {
  const { gemm, copyElements, counts } = sizes[provider === 'cpu' ? 'cpu' : 'gpu']
  try {
    const productMs = await slopeMs(provider, counts, (count) =>
      buildGemmPeak(precision, { size: gemm, count }),
    )
    const copyMs = await slopeMs(provider, counts, (count) =>
      buildCopyPeak({ elements: copyElements, count }),
    )
    if (productMs <= 0 || copyMs <= 0) return null
    return {
      flopsPerSecond: (1000 * 2 * gemm ** 3) / productMs,
      precision,
      bytesPerSecond: (1000 * 2 * 4 * copyElements) / copyMs,
      source: `matrix products of ${gemm}³ in ${precision} and copies of ${(4 * copyElements) / 2 ** 20} MiB by the same provider: the difference between ${counts[1]} and ${counts[0]} of them, fastest of ${runCount} runs`,
    }
  } catch {
    // Too little memory beside the network: the step itself is measured all the same.
    return null
  }
}

async function slopeMs(
  provider: ExecutionProvider,
  [few, many]: readonly [number, number],
  build: (count: number) => PeakGraph,
): Promise<number> {
  const fewMs = await fastestMs(provider, build(few))
  return ((await fastestMs(provider, build(many))) - fewMs) / (many - few)
}

async function fastestMs(
  provider: ExecutionProvider,
  { inputs, fill, model }: PeakGraph,
): Promise<number> {
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
    }
    return fastest
  } finally {
    await session.release()
  }
}
