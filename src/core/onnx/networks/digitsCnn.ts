import { relu } from '../ops/elementwise'
import { reshape } from '../ops/reshape'
import { plainForward } from './layers'
import { heUniform, type Network } from './network'

const kernel = 3
const channels = [16, 32] as const
/** 8 × 8 pixels are 4 × 4 after the second convolution, which steps by two. */
const features = channels[1] * 4 * 4
const classCount = 10

/** Two 3 × 3 convolutions, the second in steps of two instead of pooling, and a linear layer. */
export const digitsCnn: Network = {
  name: 'digits-cnn',
  inputShape: [1, 8, 8],
  inputType: 'float',
  rowsPerSample: 1,
  classCount,
  adaptableLayers: ['linear'],
  parameters: [
    {
      name: 'conv1.weight',
      shape: [channels[0], 1, kernel, kernel],
      initialization: heUniform(kernel * kernel),
    },
    { name: 'conv1.bias', shape: [channels[0]], initialization: { type: 'zeros' } },
    {
      name: 'conv2.weight',
      shape: [channels[1], channels[0], kernel, kernel],
      initialization: heUniform(channels[0] * kernel * kernel),
    },
    { name: 'conv2.bias', shape: [channels[1]], initialization: { type: 'zeros' } },
    {
      name: 'linear.weight',
      shape: [features, classCount],
      initialization: heUniform(features),
    },
    { name: 'linear.bias', shape: [classCount], initialization: { type: 'zeros' } },
  ],

  forward(graph, input, parameters, { layers } = plainForward) {
    const first = layers.conv(graph, input, 'conv1', parameters, { padding: 1 })
    const second = layers.conv(graph, relu(graph, first), 'conv2', parameters, {
      stride: 2,
      padding: 1,
    })
    const flat = reshape(graph, relu(graph, second), [input.shape[0]!, features])
    return layers.linear(graph, flat, 'linear', parameters)
  },
}
