import type { FastTick } from './monitorState'

/**
 * At most `maxTicks` of `ticks`, in order: of each stretch of equal count the one in which most memory
 * was used, so that no peak is lost. The last one is always among them.
 */
export function thinTicks(ticks: readonly FastTick[], maxTicks: number): readonly FastTick[] {
  if (ticks.length <= maxTicks) return ticks
  const last = ticks.at(-1)!
  const stretches = maxTicks - 1
  const others = ticks.length - 1
  return [
    ...Array.from({ length: stretches }, (_, stretch) => {
      const from = Math.floor((stretch * others) / stretches)
      const to = Math.floor(((stretch + 1) * others) / stretches)
      return ticks
        .slice(from, to)
        .reduce((most, tick) => (usedBytes(tick) > usedBytes(most) ? tick : most))
    }),
    last,
  ]
}

function usedBytes({ gpus }: FastTick): number {
  return Object.values(gpus).reduce((sum, figures) => sum + (figures?.memoryUsedBytes ?? 0), 0)
}
