import { encodeModel } from './encodeModel'
import { Graph, type Value } from './graph'
import type { GraphPort } from './inferenceGraph'
import type { Network, Parameter } from './networks/network'
import { firstElement } from './ops/after'
import { cast } from './ops/elementwise'
import { filled, generated } from './ops/generated'
import { concat } from './ops/slice'
import { hasMoments, optimizerStates } from './optimizers'
import { type FrozenTensor, type ParameterPlan, planParameters } from './parameterPlan'
import { probeInputs } from './stepInputs'
import { frozenInputs, stepRecipe } from './stepRecipe'
import { giveFigures, unrollSteps } from './unrollSteps'
import { checkTrainingOptions, type TrainingOptions } from './trainingOptions'
import { joinMembers, splitMembers, updateUnits } from './updateUnits'

/**
 * The probe: training steps whose state is made inside the graph, so that nothing but one batch goes in
 * and nothing but the losses come out. It measures speed and least memory; the time of a step is the
 * difference of two runs with unlike `stepCount` over the difference of these. It learns nothing that is
 * kept.
 */
export interface TrainingProbe {
  readonly graph: Graph
  readonly inputs: readonly GraphPort[]
  readonly outputs: readonly GraphPort[]
  readonly stepCount: number
  readonly model: Uint8Array
}

/** Names of what a probe is fed and gives; besides `input` and `labels` of one step, and `loss`. */
export const probePorts = {
  /** fp32 [1], any number; weights follow from it. */
  seed: 'seed',
  /** An element of every updated tensor: what nobody reads would not be computed. */
  kept: 'kept',
} as const

/** Of generated integers; and of generated scales, so that weights are of 0.05. */
const [largestInteger, leastScale] = [100, 5e-4]

export function buildTrainingProbe(network: Network, options: TrainingOptions): TrainingProbe {
  checkTrainingOptions(network, options)
  const { precision, optimizer, stepCount = 1 } = options
  const method = options.method ?? { type: 'full' }
  const plan = planParameters(network, method, precision)
  const units = updateUnits(plan.trained, options.joinsSmallTensors)
  const graph = new Graph(`${network.name} ${precision} ${optimizer} ${method.type} probe`)
  const feeds = probeInputs(graph, network, options, {
    hasMoments: hasMoments(optimizer),
    isScaled: precision === 'fp16-mixed',
  })
  const seed = graph.input(probePorts.seed, 'fp32', [1])
  const initial = graph.withoutRecording(() =>
    units.map((unit, index) => {
      const members = unit.members.map(({ name }, place) =>
        generated(graph, seed, initializationOf(plan.trained, name), index + place),
      )
      const weight = graph.withRole(joinMembers(graph, unit, members), 'weight')
      return {
        weight,
        members: splitMembers(graph, unit, weight),
        states: optimizerStates(optimizer, unit).map(({ dtype, shape }) =>
          graph.withRole(filled(graph, seed, shape, dtype), 'optimizerState'),
        ),
      }
    }),
  )
  const frozen = graph.withoutRecording(() => madeFrozen(graph, network, plan, seed))
  const recipe = stepRecipe(graph, network, options, { plan, units, frozen })
  const steps = unrollSteps(graph, recipe, { feeds, initial, stepCount })
  giveFigures(graph, steps)
  graph.withoutRecording(() => {
    const elements = steps
      .at(-1)!
      .units.flatMap(({ weight, states }) =>
        [weight, ...states].map((value) => cast(graph, firstElement(graph, value), 'fp32')),
      )
    graph.output(probePorts.kept, concat(graph, elements, 0))
  })
  return {
    graph,
    inputs: graph.inputs.map(({ name, dtype, shape }) => ({ name, dtype, shape })),
    outputs: graph.outputs.map(({ name, value: { dtype, shape } }) => ({ name, dtype, shape })),
    stepCount,
    model: encodeModel(graph),
  }
}

function initializationOf(parameters: readonly Parameter[], name: string): Parameter {
  return parameters.find((parameter) => parameter.name === name)!
}

/** Integers over their whole range, scales that make of them what the parameter starts with. */
function madeFrozen(
  graph: Graph,
  network: Network,
  plan: ParameterPlan,
  seed: Value,
): ReadonlyMap<string, Value> {
  const stored = frozenInputs(graph, { frozen: plan.frozen.filter(isStored) }, null)
  const made = plan.frozen
    .filter((tensor) => !isStored(tensor))
    .map(({ name, dtype, shape, parameter, part }, index) => {
      const initialization =
        part === 'values'
          ? initializationOf(network.parameters, parameter).initialization
          : ({ type: 'uniform', bound: part === 'integers' ? largestInteger : leastScale } as const)
      const value = generated(graph, seed, { shape, initialization }, index)
      return [name, graph.withRole(cast(graph, value, dtype), 'weight')] as const
    })
  return new Map([...stored, ...made])
}

/** Nothing casts to 4 bits on every provider. */
function isStored({ dtype }: FrozenTensor): boolean {
  return dtype === 'int4'
}
