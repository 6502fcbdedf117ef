import { median } from '../statistics/quantile'
import { medianInterval } from '../statistics/medianInterval'
import { fractionOfPeak } from './fractionOfPeak'
import type { Step, UnrolledProbe, UnrolledStep } from './record'

/**
 * What one training step takes where its state stays on the device: the difference of two runs of
 * unlike length over the difference of their steps, in which whatever a run costs once (its start, the
 * batch's way in, making the state) cancels out. Its interval lets the far ends of the two medians' 95 %
 * intervals meet, and so is wider than 95 %. Null where too few runs were timed, or these scattered so
 * much that the longer cannot be told to take more than the shorter: nothing is said rather than a
 * step of 79 ms that may as well take none.
 * @param samplesPerStep samples of all micro-batches of one step
 */
export function unrolledStep(
  { shortStepCount, longStepCount, shortSamplesMs, longSamplesMs }: UnrolledProbe,
  samplesPerStep: number,
  {
    sequenceLength,
    flopsPerStep,
    devicePeak,
  }: Pick<Step, 'sequenceLength' | 'flopsPerStep' | 'devicePeak'>,
): UnrolledStep | null {
  const [short, long] = [medianInterval(shortSamplesMs), medianInterval(longSamplesMs)]
  const steps = longStepCount - shortStepCount
  if (!short || !long || steps < 1) return null
  const latencyMs = (median(longSamplesMs) - median(shortSamplesMs)) / steps
  const lowMs = (long.low - short.high) / steps
  if (lowMs <= 0) return null
  const throughputPerSecond = (1000 * samplesPerStep) / latencyMs
  const flopsPerSecond = flopsPerStep === null ? null : (1000 * flopsPerStep) / latencyMs
  return {
    latencyMs,
    lowMs,
    highMs: (long.high - short.low) / steps,
    throughputPerSecond,
    tokensPerSecond: sequenceLength === null ? null : throughputPerSecond * sequenceLength,
    flopsPerSecond,
    fractionOfPeak: fractionOfPeak(flopsPerSecond, devicePeak),
  }
}
