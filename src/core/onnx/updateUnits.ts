import { elementCount, type Graph, type Value } from './graph'
import type { Parameter } from './networks/network'
import { reshape } from './ops/reshape'
import { concat, split } from './ops/slice'

/**
 * What an optimizer updates at once: a large weight, or all small ones (biases, norms) laid one behind
 * the other. A GPT has ten small tensors to every six large ones; each node that treats one costs as
 * much to start as it costs to compute.
 */
export interface UpdateUnit {
  /** Of the weight, or of all of them. */
  readonly name: string
  readonly shape: readonly number[]
  readonly isSmall: boolean
  readonly members: readonly Pick<Parameter, 'name' | 'shape'>[]
}

/** 64 KiB of fp32: a pass over fewer takes no longer than it takes to start one. */
const smallCount = 2 ** 14

/**
 * The small ones first: their gradients come last, and ONNX Runtime takes what stands last in the graph
 * first, holding whatever it needs for it.
 */
export function updateUnits(
  parameters: readonly Pick<Parameter, 'name' | 'shape'>[],
): readonly UpdateUnit[] {
  const isSmall = ({ shape }: Pick<Parameter, 'shape'>) => elementCount(shape) < smallCount
  const small = parameters.filter(isSmall)
  const large = parameters.filter((parameter) => !isSmall(parameter))
  const count = small.reduce((sum, { shape }) => sum + elementCount(shape), 0)
  return [
    ...(small.length === 0
      ? []
      : [{ name: 'small', shape: [count], isSmall: true, members: small }]),
    ...large.map(({ name, shape }) => ({
      name,
      shape,
      isSmall: false,
      members: [{ name, shape }],
    })),
  ]
}

/** The members' tensors as the unit's one. */
export function joinMembers(graph: Graph, unit: UpdateUnit, members: readonly Value[]): Value {
  if (members.length === 1) return reshape(graph, members[0]!, unit.shape)
  const flat = members.map((value) => reshape(graph, value, [elementCount(value.shape)]))
  return concat(graph, flat, 0)
}

/** The unit's tensor as the members' own. */
export function splitMembers(graph: Graph, { members }: UpdateUnit, joined: Value): Value[] {
  if (members.length === 1) return [reshape(graph, joined, members[0]!.shape)]
  const sizes = members.map(({ shape }) => elementCount(shape))
  return split(graph, joined, 0, sizes).map((piece, index) =>
    reshape(graph, piece, members[index]!.shape),
  )
}
