import type { DevicePeak } from './record'

/**
 * How much of what the device gave the peak's probe a step came to use, 0 … 1. Null where either is
 * unknown, and where the step reached more than the probe did: then the device was busy with something
 * else while it was probed, and what it can give is not known.
 */
export function fractionOfPeak(
  flopsPerSecond: number | null,
  devicePeak: DevicePeak | null,
): number | null {
  if (flopsPerSecond === null || devicePeak === null) return null
  const fraction = flopsPerSecond / devicePeak.flopsPerSecond
  return fraction > 1 ? null : fraction
}
