import type { DataType } from '../dtype'
import { encodeModel } from './encodeModel'
import { Graph, type Role, type Value } from './graph'
import type { GraphPort } from './inferenceGraph'
import type { Network, Parameter, Weights } from './networks/network'
import {
  defaultOptimizerSettings,
  hasMoments,
  type OptimizerSettings,
  optimizerStates,
} from './optimizers'
import { type FrozenTensor, planParameters } from './parameterPlan'
import { stepInputs } from './stepInputs'
import { frozenInputs, stepRecipe } from './stepRecipe'
import { checkHostTensors, checkTrainingOptions, type TrainingOptions } from './trainingOptions'
import type { UnitState } from './trainingStep'
import { giveFigures, unrollSteps } from './unrollSteps'
import { joinMembers, type UpdateUnit, updateUnits } from './updateUnits'

/** A tensor that a run takes and the next gets back, changed. */
export interface TrainingState {
  /** Of the input. */
  readonly name: string
  /** Of the output with its new value. */
  readonly nextName: string
  readonly dtype: DataType
  readonly shape: readonly number[]
  readonly role: Extract<Role, 'weight' | 'optimizerState'>
  /** The parameter that it is; null of an optimizer's states, which start at 0. */
  readonly parameter: string | null
}

export interface TrainingGraph {
  readonly graph: Graph
  readonly inputs: readonly GraphPort[]
  readonly outputs: readonly GraphPort[]
  readonly states: readonly TrainingState[]
  /** Fed at every run where `isFed`, else stored in the model; never given back. */
  readonly frozen: readonly FrozenTensor[]
  /** What is trained: the network's parameters, or adapters. */
  readonly trained: readonly Parameter[]
  readonly settings: OptimizerSettings
  readonly stepCount: number
  readonly hasMoments: boolean
  readonly isScaled: boolean
  readonly model: Uint8Array
}

/**
 * `stepCount` optimizer steps as a graph: state, batches and step-dependent scalars in, losses and new
 * state out. Which scalars are fed follows from `hasMoments` and `isScaled`.
 * @param weights of the network, where frozen ones are stored in the model itself; null where nothing
 *   matters but their size
 * Throws InputError where the options do not go together.
 */
export function buildTrainingGraph(
  network: Network,
  options: TrainingOptions,
  weights: Weights | null = null,
): TrainingGraph {
  checkTrainingOptions(network, options)
  checkHostTensors(network)
  const { precision, optimizer, stepCount = 1, settings = defaultOptimizerSettings } = options
  const method = options.method ?? { type: 'full' }
  const plan = planParameters(network, method, precision)
  const units = updateUnits(plan.trained, options.joinsSmallTensors)
  const graph = new Graph(`${network.name} ${precision} ${optimizer} ${method.type} training`)
  const isScaled = precision === 'fp16-mixed'
  const feeds = stepInputs(graph, network, options, { hasMoments: hasMoments(optimizer), isScaled })
  const frozen = frozenInputs(graph, plan, weights)
  const state = declareState(graph, units, options)
  const recipe = stepRecipe(graph, network, options, { plan, units, frozen })
  const steps = unrollSteps(graph, recipe, { feeds, initial: state.initial, stepCount })
  const states = giveBack(graph, units, state, steps.at(-1)!.units)
  giveFigures(graph, steps)
  return {
    graph,
    inputs: graph.inputs.map(({ name, dtype, shape }) => ({ name, dtype, shape })),
    outputs: graph.outputs.map(({ name, value: { dtype, shape } }) => ({ name, dtype, shape })),
    states,
    frozen: plan.frozen,
    trained: plan.trained,
    settings,
    stepCount,
    hasMoments: hasMoments(optimizer),
    isScaled,
    get model() {
      return encodeModel(graph)
    },
  }
}

/** The inputs that hold the state, and what the first step makes of them. */
interface DeclaredState {
  /** Of each unit's members. */
  readonly weights: readonly (readonly Value[])[]
  readonly initial: readonly UnitState[]
}

function declareState(
  graph: Graph,
  units: readonly UpdateUnit[],
  { optimizer }: TrainingOptions,
): DeclaredState {
  const weights = units.map(({ members }) =>
    members.map(({ name, shape }) => graph.input(name, 'fp32', shape, 'weight')),
  )
  const initial = units.map((unit, index) => ({
    weight: joinMembers(graph, unit, weights[index]!),
    members: weights[index]!,
    states: optimizerStates(optimizer, unit).map(({ suffix, dtype, shape }) =>
      graph.input(`${unit.name}.${suffix}`, dtype, shape, 'optimizerState'),
    ),
  }))
  return { weights, initial }
}

/** Makes the last step's state the graph's outputs. */
function giveBack(
  graph: Graph,
  units: readonly UpdateUnit[],
  { weights, initial }: DeclaredState,
  last: readonly UnitState[],
): readonly TrainingState[] {
  const give = (before: Value, next: Value, role: TrainingState['role']): TrainingState => {
    const { name, dtype, shape } = before
    const nextName = `${name}.next`
    graph.output(nextName, graph.withRole(next, role))
    return { name, nextName, dtype, shape, role, parameter: role === 'weight' ? name : null }
  }
  return graph.inPhase('optimizer', () =>
    graph.withoutRecording(() =>
      units.flatMap((_, index) => {
        const { members, states } = last[index]!
        return [
          ...weights[index]!.map((before, place) => give(before, members[place]!, 'weight')),
          ...initial[index]!.states.map((before, place) =>
            give(before, states[place]!, 'optimizerState'),
          ),
        ]
      }),
    ),
  )
}
