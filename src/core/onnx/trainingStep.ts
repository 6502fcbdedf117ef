import type { DataType } from '../dtype'
import { backpropagate } from './gradients'
import type { Graph, Value } from './graph'
import type { Layers } from './networks/layers'
import type { Network, ParameterValues } from './networks/network'
import { after } from './ops/after'
import { crossEntropy } from './ops/crossEntropy'
import { abs, add, and, cast, equal, lessOrEqual, mul, not, where } from './ops/elementwise'
import { reduceSum } from './ops/sum'
import { createUpdate, type OptimizerScalars, type OptimizerSettings } from './optimizers'
import type { TrainingOptimizer } from './trainingOptions'
import { joinMembers, splitMembers, type UpdateUnit } from './updateUnits'

/** The largest finite fp32 number. */
const maxFloat = 3.4028234663852886e38

/** What does not change from step to step. */
export interface StepRecipe {
  readonly network: Network
  readonly units: readonly UpdateUnit[]
  /** Frozen parameters in the type that is computed in; not those that `layers` knows of. */
  readonly frozen: ParameterValues
  readonly layers: Layers
  /** What forward and backward compute in. */
  readonly dtype: DataType
  readonly isCheckpointed: boolean
  readonly optimizer: TrainingOptimizer
  readonly settings: OptimizerSettings
}

/** An update unit's weight, fp32, and what the optimizer keeps for it. */
export interface UnitState {
  readonly weight: Value
  /** The weight as the network knows it, in the order of the unit's members. */
  readonly members: readonly Value[]
  readonly states: readonly Value[]
}

export interface MicroBatch {
  readonly input: Value
  /** int32, one per row of logits. */
  readonly labels: Value
}

export interface StepInputs {
  /** In the order of the units. */
  readonly units: readonly UnitState[]
  readonly batches: readonly MicroBatch[]
  readonly scalars: OptimizerScalars
  /** What the loss is multiplied with before it is differentiated; null: not at all. */
  readonly lossScale: Value | null
}

export interface StepResult {
  readonly units: readonly UnitState[]
  /** Mean over all micro-batches, unscaled, fp32 []. */
  readonly loss: Value
  /** bool []; null where the loss is not scaled. */
  readonly isFinite: Value | null
  /** Elements of the logits' gradient that 16 bits made 0, fp32 []. */
  readonly underflowed: Value | null
}

/**
 * One step of the optimizer: forward and backward of each micro-batch, the mean of their gradients, the
 * update. Where the loss is scaled (Micikevicius et al. 2018), a step whose gradients are not all finite
 * gives back what it was given.
 */
export function trainingStep(graph: Graph, recipe: StepRecipe, inputs: StepInputs): StepResult {
  const leaves = inputs.units.map(({ members }) =>
    graph.withoutRecording(() => members.map((leaf) => cast(graph, leaf, recipe.dtype))),
  )
  const found = accumulate(graph, recipe, inputs, leaves)
  return graph.inPhase('optimizer', () =>
    graph.withoutRecording(() => {
      const { isFinite } = found
      const update = createUpdate(graph, recipe.optimizer, inputs.scalars, {
        settings: recipe.settings,
        keep: (before, after) => (isFinite ? where(graph, isFinite, after, before) : after),
      })
      const updated = inputs.units.map(({ weight, states }, index) => {
        const next = update(weight, found.gradients[index]!, states)
        const kept = graph.withRole(next.weight, 'weight')
        return {
          weight: kept,
          // At once, and not where they are read: what stands later in the graph is computed first.
          members: splitMembers(graph, recipe.units[index]!, kept),
          states: next.states.map((state) => graph.withRole(state, 'optimizerState')),
        }
      })
      return {
        units: updated,
        loss: found.loss,
        isFinite: found.isFinite,
        underflowed: found.underflowed,
      }
    }),
  )
}

interface Accumulated extends Omit<StepResult, 'units'> {
  /** fp32, unscaled, in the order of the units and of their shape. */
  readonly gradients: readonly Value[]
}

function accumulate(
  graph: Graph,
  recipe: StepRecipe,
  { batches, lossScale }: StepInputs,
  leaves: readonly (readonly Value[])[],
): Accumulated {
  const share = graph.scalar(1 / batches.length, 'fp32')
  const outputGradient = lossScale
    ? graph.inPhase('loss', () => mul(graph, lossScale, share))
    : share
  let sums: readonly Value[] = []
  let losses: Value | null = null
  let lost: Value | null = null
  for (const { input, labels } of batches) {
    // A micro-batch waits for the one before: ONNX Runtime would hold the activations of all.
    const batch = { input: after(graph, input, sums), labels }
    const found = batchGradients(graph, recipe, batch, { leaves, outputGradient })
    graph.inPhase('backward', () =>
      graph.withoutRecording(() => {
        sums = found.gradients.map((gradient, index) =>
          sums[index] ? add(graph, sums[index], gradient) : gradient,
        )
        losses = losses ? add(graph, losses, found.loss) : found.loss
        if (lossScale) {
          const here = countUnderflowed(graph, found.wide, found.narrow)
          lost = lost ? add(graph, lost, here) : here
        }
      }),
    )
  }
  return graph.inPhase('backward', () =>
    graph.withoutRecording(() => {
      const loss = batches.length === 1 ? losses! : mul(graph, losses!, share)
      if (!lossScale) {
        const gradients = sums.map((each) => asGradient(graph, each))
        return { loss, gradients, isFinite: null, underflowed: null }
      }
      const inverse = graph.apply('Reciprocal', [lossScale], { shape: [] })
      const isFinite = lessOrEqual(graph, absoluteSum(graph, sums), graph.scalar(maxFloat, 'fp32'))
      const gradients = sums.map((each) => asGradient(graph, mul(graph, each, inverse)))
      return { loss, gradients, isFinite, underflowed: lost }
    }),
  )
}

interface BatchGradients {
  readonly loss: Value
  readonly gradients: readonly Value[]
  /** The logits' gradient, in fp32 and as it is carried on. */
  readonly wide: Value
  readonly narrow: Value
}

/** fp32, in the order of the units, of the loss times `outputGradient`. */
function batchGradients(
  graph: Graph,
  { network, units, frozen, layers, dtype, isCheckpointed }: StepRecipe,
  { input, labels }: MicroBatch,
  { leaves, outputGradient }: { leaves: readonly (readonly Value[])[]; outputGradient: Value },
): BatchGradients {
  const trained = units.flatMap(({ members }, index) =>
    members.map(({ name }, place) => [name, leaves[index]![place]!] as const),
  )
  const parameters: ParameterValues = new Map([...frozen, ...trained])
  const { result, tape } = graph.recordingApart(() => {
    const x = network.inputType === 'tokens' ? input : cast(graph, input, dtype)
    const logits = network.forward(graph, x, parameters, { layers, isCheckpointed })
    const [wideLogits, loss] = graph.inPhase('loss', () => {
      const wideLogits = cast(graph, logits, 'fp32')
      return [wideLogits, crossEntropy(graph, wideLogits, labels)] as const
    })
    return { logits, wideLogits, loss }
  })
  const { logits, wideLogits, loss } = result
  return graph.inPhase('backward', () => {
    const [wide] = backpropagate(graph, tape, {
      from: loss,
      gradient: outputGradient,
      wrt: [wideLogits],
    })
    const narrow = graph.withoutRecording(() => cast(graph, wide!, dtype))
    const wrt = trained.map(([, leaf]) => leaf)
    const found = backpropagate(graph, tape, { from: logits, gradient: narrow, wrt })
    const byName = new Map(trained.map(([name], index) => [name, found[index]]))
    return graph.withoutRecording(() => {
      const gradients = units.map((unit) => {
        const members = unit.members.map(({ name }) => {
          const gradient = byName.get(name)
          if (!gradient) throw new Error(`the loss does not depend on ${name}`)
          return cast(graph, gradient, 'fp32')
        })
        return joinMembers(graph, unit, members)
      })
      return { loss, gradients, wide: wide!, narrow }
    })
  })
}

/** Σ |g| over all elements of all tensors: not finite where one element is not. */
function absoluteSum(graph: Graph, values: readonly Value[]): Value {
  return values
    .map((value) => reduceSum(graph, abs(graph, value), [...value.shape.keys()]))
    .reduce((sum, each) => add(graph, sum, each))
}

function countUnderflowed(graph: Graph, wide: Value, narrow: Value): Value {
  const isLost = and(
    graph,
    equal(graph, cast(graph, narrow, 'fp32'), graph.scalar(0, 'fp32')),
    not(graph, equal(graph, wide, graph.scalar(0, 'fp32'))),
  )
  return reduceSum(graph, cast(graph, isLost, 'fp32'), [...wide.shape.keys()])
}

function asGradient(graph: Graph, value: Value): Value {
  return graph.withRole(value, 'gradient')
}
