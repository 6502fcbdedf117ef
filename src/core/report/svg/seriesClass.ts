import { variantHues } from '../trainingVariants'

/** The classes that give a series its colour and its dash; see reportStyle. */
export function seriesClass(series: {
  readonly precision: string
  readonly variant: number
}): string {
  const hue = series.variant % variantHues
  return `precision-${series.precision}${hue > 0 ? ` variant-${hue}` : ''}`
}
