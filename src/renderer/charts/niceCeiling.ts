const steps = [1, 2, 3, 4, 5, 6, 8, 10] as const

/** The smallest of 1, 2, 3, 4, 5, 6 or 8 times a power of ten that is not below `value`: where an axis may end. */
export function niceCeiling(value: number): number {
  if (!(value > 0) || !Number.isFinite(value)) return 1
  const power = 10 ** Math.floor(Math.log10(value))
  return (steps.find((step) => step * power >= value) ?? 10) * power
}
