import type { DataType } from '../dtype'
import { checkModelSize } from './encodeModel'
import { frozenValues } from './frozenWeights'
import type { Graph, Value } from './graph'
import { adaptedLayers, fakeQuantizedLayers, storedLayers, type StoredWeight } from './methodLayers'
import { type Layers, plainLayers } from './networks/layers'
import type { Network, ParameterValues, Weights } from './networks/network'
import { cast } from './ops/elementwise'
import { defaultOptimizerSettings } from './optimizers'
import { type FrozenTensor, isFed, type ParameterPlan } from './parameterPlan'
import type { TrainingOptions, TrainingPrecision } from './trainingOptions'
import type { StepRecipe } from './trainingStep'
import type { UpdateUnit } from './updateUnits'

/** What forward and backward compute in. */
const computeTypes: Readonly<Record<TrainingPrecision, DataType>> = {
  fp32: 'fp32',
  'fp16-mixed': 'fp16',
  'bf16-mixed': 'bf16',
  'int8-qat': 'fp32',
}

/** How the options want a step taken. @param frozen the plan's frozen tensors, by name */
export function stepRecipe(
  graph: Graph,
  network: Network,
  options: TrainingOptions,
  {
    plan,
    units,
    frozen,
  }: {
    readonly plan: ParameterPlan
    readonly units: readonly UpdateUnit[]
    readonly frozen: ReadonlyMap<string, Value>
  },
): StepRecipe {
  const { precision, method = { type: 'full' }, optimizer, settings, isCheckpointed } = options
  const dtype = computeTypes[precision]
  const { parameters, stored } = frozenParameters(graph, network, plan, { frozen, dtype })
  let layers: Layers = stored.size > 0 ? storedLayers(stored) : plainLayers
  if (method.type !== 'full') layers = adaptedLayers(layers, plan.adapted, method)
  if (precision === 'int8-qat') layers = fakeQuantizedLayers
  return {
    network,
    units,
    frozen: parameters,
    layers,
    dtype,
    isCheckpointed: isCheckpointed ?? false,
    optimizer,
    settings: settings ?? defaultOptimizerSettings,
  }
}

/** The frozen tensors as inputs of the graph, or stored in it. */
export function frozenInputs(
  graph: Graph,
  { frozen }: Pick<ParameterPlan, 'frozen'>,
  weights: Weights | null,
): ReadonlyMap<string, Value> {
  checkModelSize(frozen.filter((tensor) => !isFed(tensor)))
  return new Map(
    frozen.map((tensor) => {
      const { name, dtype, shape } = tensor
      if (isFed(tensor)) return [name, graph.input(name, dtype, shape, 'weight')]
      const values = weights && frozenValues(tensor, frozen, weights)
      return [name, graph.initializer(name, dtype, shape, values, 'weight')]
    }),
  )
}

/** What layers read as it is, and what is restored for each product. */
function frozenParameters(
  graph: Graph,
  network: Network,
  plan: ParameterPlan,
  { frozen, dtype }: { frozen: ReadonlyMap<string, Value>; dtype: DataType },
): { parameters: ParameterValues; stored: ReadonlyMap<string, StoredWeight> } {
  const parameters = new Map<string, Value>()
  const stored = new Map<string, StoredWeight>()
  const valueOf = (tensor: FrozenTensor) => frozen.get(tensor.name)!
  for (const tensor of plan.frozen) {
    const layer = network.adaptableLayers.find((name) => tensor.parameter === `${name}.weight`)
    const value = valueOf(tensor)
    if (tensor.part === 'values') {
      if (layer === undefined || value.dtype === dtype) {
        parameters.set(tensor.parameter, cast(graph, value, dtype))
      } else stored.set(layer, { type: 'values', values: value })
    } else if (tensor.part === 'integers') {
      const scales = plan.frozen.find(
        ({ parameter, part }) => parameter === tensor.parameter && part === 'scales',
      )!
      stored.set(layer!, { type: 'blocks', integers: value, scales: valueOf(scales) })
    }
  }
  return { parameters, stored }
}
