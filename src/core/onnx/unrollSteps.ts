import type { Graph, Value } from './graph'
import { after } from './ops/after'
import { cast } from './ops/elementwise'
import { reshape } from './ops/reshape'
import { concat } from './ops/slice'
import type { RunFeeds } from './stepInputs'
import { trainingPorts } from './trainingPorts'
import { type StepRecipe, type StepResult, trainingStep, type UnitState } from './trainingStep'

/** Step after step, each of which waits for all updates of the one before: no gradient outlives them. */
export function unrollSteps(
  graph: Graph,
  recipe: StepRecipe,
  {
    feeds,
    initial,
    stepCount,
  }: { feeds: RunFeeds; initial: readonly UnitState[]; stepCount: number },
): readonly StepResult[] {
  const steps: StepResult[] = []
  for (let index = 0; index < stepCount; index += 1) {
    const before = steps.at(-1)
    const { batches, scalars, lossScale } = feeds.ofStep(index, before?.isFinite ?? null)
    const updates = before ? before.units.map(({ weight }) => weight) : []
    steps.push(
      trainingStep(graph, recipe, {
        units: before?.units ?? initial,
        batches: batches.map(({ input, labels }) => ({
          input: after(graph, input, updates),
          labels,
        })),
        scalars,
        lossScale,
      }),
    )
  }
  return steps
}

/** One figure of each step, in one output. */
export function giveFigures(graph: Graph, steps: readonly StepResult[]): void {
  const give = (name: string, figures: readonly (Value | null)[]) => {
    const known = figures.filter((figure) => figure !== null)
    if (known.length === 0) return
    const each = known.map((figure) => reshape(graph, cast(graph, figure, 'fp32'), [1]))
    graph.output(name, concat(graph, each, 0))
  }
  give(
    trainingPorts.loss,
    steps.map(({ loss }) => loss),
  )
  give(
    trainingPorts.isFinite,
    steps.map(({ isFinite }) => isFinite),
  )
  give(
    trainingPorts.underflowed,
    steps.map(({ underflowed }) => underflowed),
  )
}
