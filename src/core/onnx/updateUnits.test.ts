import { expect, it } from 'vitest'
import { runGraph } from '../../../test/onnx/runGraph'
import { Graph } from './graph'
import { joinMembers, splitMembers, updateUnits } from './updateUnits'

const parameters = [
  { name: 'embed.weight', shape: [300, 100] },
  { name: 'layers.0.norm.weight', shape: [100] },
  { name: 'layers.0.up.weight', shape: [200, 100] },
  { name: 'layers.0.up.bias', shape: [200] },
  { name: 'layers.1.norm.weight', shape: [100] },
  { name: 'norm.weight', shape: [100] },
]

it('joins the small tensors of each block, and keeps large ones by themselves', () => {
  expect(updateUnits(parameters).map(({ name, shape }) => [name, shape])).toEqual([
    ['embed.weight', [300, 100]],
    ['small.1', [300]],
    ['layers.0.up.weight', [200, 100]],
    ['small.2', [100]],
    ['small.3', [100]],
  ])
})

it('leaves every tensor by itself where small ones are not to be joined', () => {
  const units = updateUnits(parameters, false)
  expect(units.map(({ name }) => name)).toEqual([
    'embed.weight',
    'layers.0.norm.weight',
    'layers.0.up.bias',
    'layers.0.up.weight',
    'layers.1.norm.weight',
    'norm.weight',
  ])
  expect(units.map(({ members }) => members.length)).toEqual([1, 1, 1, 1, 1, 1])
})

it('lays members one behind the other and takes them apart again, also where they are many', async () => {
  const members = Array.from({ length: 25 }, (_, index) => ({
    name: `bias${index}`,
    shape: [1 + (index % 3), 1],
  }))
  const [unit] = updateUnits(members)
  const graph = new Graph('units')
  const values = members.map(({ name, shape }) => graph.input(name, 'fp32', shape))
  const joined = joinMembers(graph, unit!, values)
  splitMembers(graph, unit!, joined).forEach((value, index) => graph.output(`y${index}`, value))
  const feeds = Object.fromEntries(
    members.map(({ name, shape }, index) => [name, Array.from({ length: shape[0]! }, () => index)]),
  )
  const found = await runGraph(graph, feeds)
  members.forEach(({ name }, index) => expect(found[`y${index}`]).toEqual(feeds[name]))
})
