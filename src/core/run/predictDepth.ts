import { summarizeLatency } from '../statistics/summarizeLatency'
import type { DepthProbe, FullDepth, LatencySummary, Step } from './record'

/**
 * What the whole model would take, from two depths of it that were measured: a layer costs what the
 * deeper one took more, and everything else what is left. Its interval lets the deeper end of one 95 %
 * interval meet the shallower end of the other, and so is wider than 95 %. That every layer costs the
 * same is assumed; a device that runs out of cache or memory on the way is not foreseen.
 */
export function predictFullDepth(
  depth: DepthProbe,
  latencyMs: LatencySummary,
  { batchSize, sequenceLength, memory }: Pick<Step, 'batchSize' | 'sequenceLength' | 'memory'>,
): FullDepth | null {
  const { layerCount, fullLayerCount, shallowLayerCount, shallowSamplesMs } = depth
  if (shallowSamplesMs.length === 0 || layerCount <= shallowLayerCount) return null
  const shallow = summarizeLatency(shallowSamplesMs)
  const factor = (fullLayerCount - layerCount) / (layerCount - shallowLayerCount)
  const extend = (deep: number, less: number) => deep + factor * (deep - less)
  const predictedMs = extend(latencyMs.median, shallow.median)
  if (predictedMs <= 0) return null
  const allocated = memory.measured?.allocatedPeakBytes ?? null
  const { shallowAllocatedPeakBytes } = depth
  return {
    layerCount: fullLayerCount,
    latencyMs: predictedMs,
    lowMs: Math.max(0, extend(latencyMs.ciLow, shallow.ciHigh)),
    highMs: extend(latencyMs.ciHigh, shallow.ciLow),
    tokensPerSecond: (1000 * batchSize * (sequenceLength ?? 1)) / predictedMs,
    allocatedPeakBytes:
      allocated === null || shallowAllocatedPeakBytes === null
        ? null
        : Math.round(extend(allocated, shallowAllocatedPeakBytes)),
  }
}
