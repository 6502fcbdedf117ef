import type { LossSeries } from './runReport'

/** Where a chart of losses ends above, and the step from which on all of them lie below. */
export interface LossCut {
  readonly topLoss: number
  readonly fromStep: number
}

/** With fewer looks at the validation split a curve has no tail to look at. */
const minValidations = 4
/** What is gained must be worth the cut: the rest is drawn at least this many times as large. */
const leastGain = 1.5

/**
 * Training begins so much higher than it ends that the differences of its end, which are what is asked
 * for, would be no wider than a line. So a finished chart begins with the second look at the validation
 * split; null where everything fits well.
 */
export function lossCut(series: readonly LossSeries[]): LossCut | null {
  if (series.length === 0 || series.some(({ validation }) => validation.length < minValidations))
    return null
  const fromStep = Math.max(...series.map(({ validation }) => validation[1]![0]))
  const points = series
    .flatMap(({ training, validation }) => [...training, ...validation])
    .filter(([, loss]) => Number.isFinite(loss))
  const losses = (from: number) => points.flatMap(([step, loss]) => (step >= from ? loss : []))
  const lowest = losses(0).reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY)
  const highest = losses(0).reduce((a, b) => Math.max(a, b), lowest)
  const topLoss = losses(fromStep).reduce((a, b) => Math.max(a, b), lowest)
  return highest - lowest < leastGain * (topLoss - lowest) ? null : { topLoss, fromStep }
}

type Point = readonly [step: number, loss: number]

/** The line below `topLoss`, with the points at which it crosses it. */
export function cutLine(points: readonly Point[], topLoss: number): Point[] {
  return points.flatMap((point, index): Point[] => {
    const before = points[index - 1]
    const isBelow = point[1] <= topLoss
    const touches = point[1] === topLoss || before?.[1] === topLoss
    if (before === undefined || touches || isBelow === before[1] <= topLoss)
      return isBelow ? [point] : []
    const share = (topLoss - before[1]) / (point[1] - before[1])
    const crossing: Point = [before[0] + share * (point[0] - before[0]), topLoss]
    return isBelow ? [crossing, point] : [crossing]
  })
}
