import { conv } from '../ops/conv'
import { relu } from '../ops/elementwise'
import { linear } from '../ops/matmul'
import { reshape } from '../ops/reshape'
import { heUniform, type Network, parameterOf } from './network'

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

  forward(graph, input, parameters) {
    const value = (name: string) => parameterOf(parameters, name)
    const first = conv(graph, input, value('conv1.weight'), value('conv1.bias'), { padding: 1 })
    const second = conv(graph, relu(graph, first), value('conv2.weight'), value('conv2.bias'), {
      stride: 2,
      padding: 1,
    })
    const flat = reshape(graph, relu(graph, second), [input.shape[0]!, features])
    return linear(graph, flat, value('linear.weight'), value('linear.bias'))
  },
}
