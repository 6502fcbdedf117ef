import { relu } from '../ops/elementwise'
import { linear } from '../ops/matmul'
import { heUniform, type Network, parameterOf } from './network'

/** 64 pixels → 128 → 64 → 10 digits, ReLU between. Pixels are given from 0 to 1. */
const sizes = [64, 128, 64, 10] as const
const layerCount = sizes.length - 1

export const digitsMlp: Network = {
  name: 'digits-mlp',
  inputShape: [sizes[0]],
  inputType: 'float',
  rowsPerSample: 1,
  classCount: sizes[layerCount]!,
  parameters: sizes.slice(1).flatMap((outputs, layer) => [
    {
      name: `linear${layer + 1}.weight`,
      shape: [sizes[layer]!, outputs],
      initialization: heUniform(sizes[layer]!),
    },
    { name: `linear${layer + 1}.bias`, shape: [outputs], initialization: { type: 'zeros' } },
  ]),

  forward(graph, input, parameters) {
    let x = input
    for (let layer = 1; layer <= layerCount; layer++) {
      const weight = parameterOf(parameters, `linear${layer}.weight`)
      x = linear(graph, x, weight, parameterOf(parameters, `linear${layer}.bias`))
      if (layer < layerCount) x = relu(graph, x)
    }
    return x
  },
}
