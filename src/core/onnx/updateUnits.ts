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
 * Block by block, and in each the small ones first, joined unless `joinsSmall` is false. ONNX Runtime takes what stands last in the graph
 * first: so it updates a block's weights as soon as their gradients are there, and holds those of no
 * other block for it.
 */
export function updateUnits(
  parameters: readonly Pick<Parameter, 'name' | 'shape'>[],
  joinsSmall = true,
): readonly UpdateUnit[] {
  return blocksOf(parameters).flatMap((block, index) => {
    const small = block.filter(isSmall)
    const large = block.filter((parameter) => !isSmall(parameter)).map(ofOne)
    if (!joinsSmall || small.length === 0) return [...small.map(ofOne), ...large]
    const count = small.reduce((sum, { shape }) => sum + elementCount(shape), 0)
    return [{ name: `small.${index}`, shape: [count], isSmall: true, members: small }, ...large]
  })
}

function ofOne({ name, shape }: Pick<Parameter, 'name' | 'shape'>): UpdateUnit {
  return { name, shape, isSmall: isSmall({ shape }), members: [{ name, shape }] }
}

function isSmall({ shape }: Pick<Parameter, 'shape'>): boolean {
  return elementCount(shape) < smallCount
}

/** Parameters that follow one another and belong to the same numbered block, or to none. */
function blocksOf(
  parameters: readonly Pick<Parameter, 'name' | 'shape'>[],
): readonly (readonly Pick<Parameter, 'name' | 'shape'>[])[] {
  const blocks: Pick<Parameter, 'name' | 'shape'>[][] = []
  let last: string | null = null
  for (const parameter of parameters) {
    const block = /^.*?\.\d+\./.exec(parameter.name)?.[0] ?? ''
    if (block === last) blocks.at(-1)!.push(parameter)
    else blocks.push([parameter])
    last = block
  }
  return blocks
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
