import type { Step } from '../run/record'
import type { LossSeries } from './runReport'
import { selectEvenly } from './selectEvenly'
import { precisionLabel } from './stepLabel'
import { trainingVariants } from './trainingVariants'

/** More points on one line are one blot. */
const maxPoints = 300

/** How every step on text learned so far, ready to be drawn; a step that was not validated is left out. */
export function lossSeries(steps: readonly Step[]): LossSeries[] {
  const variantOf = trainingVariants(steps)
  return steps
    .filter(({ validation }) => validation.length > 0)
    .map((step) => ({
      label: precisionLabel(step),
      precision: step.precision,
      variant: variantOf(step),
      training: selectEvenly(
        (step.loss ?? []).map((loss, index) => [index + 1, loss] as const),
        maxPoints,
      ),
      validation: step.validation.map(({ step: taken, loss }) => [taken, loss] as const),
    }))
}
