import { relu } from '../ops/elementwise'
import { plainForward } from './layers'
import { heUniform, type Network } from './network'

/** 64 pixels → 128 → 64 → 10 digits, ReLU between. Pixels are given from 0 to 1. */
const sizes = [64, 128, 64, 10] as const
const layerCount = sizes.length - 1

export const digitsMlp: Network = {
  name: 'digits-mlp',
  inputShape: [sizes[0]],
  inputType: 'float',
  rowsPerSample: 1,
  classCount: sizes[layerCount]!,
  adaptableLayers: sizes.slice(1).map((_, layer) => `linear${layer + 1}`),
  parameters: sizes.slice(1).flatMap((outputs, layer) => [
    {
      name: `linear${layer + 1}.weight`,
      shape: [sizes[layer]!, outputs],
      initialization: heUniform(sizes[layer]!),
    },
    { name: `linear${layer + 1}.bias`, shape: [outputs], initialization: { type: 'zeros' } },
  ]),

  forward(graph, input, parameters, { layers } = plainForward) {
    let x = input
    for (let layer = 1; layer <= layerCount; layer++) {
      x = layers.linear(graph, x, `linear${layer}`, parameters)
      if (layer < layerCount) x = relu(graph, x)
    }
    return x
  },
}
