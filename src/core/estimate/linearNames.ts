import { InputError } from '../errors'
import type { Architecture, ModelHead } from '../models/architecture'
import { layerRuns, layerShape, type LinearShape } from '../models/layerShape'
import { perArchitecture } from '../models/perArchitecture'

/** A linear layer of the model and how many layers of the stack have one. */
export interface CountedLinear {
  readonly shape: LinearShape
  readonly count: number
}

/** Every linear layer but the output matrix: what `all-linear` adapts and what quantization stores. */
export const linearLayers = perArchitecture((a, head: ModelHead): readonly CountedLinear[] => {
  const inLayers = layerRuns(a).flatMap(({ kind, count }) => {
    const { attention, crossAttention, mlp, experts } = layerShape(a, kind)
    const shapes = [
      ...attention.inputs,
      attention.output,
      ...(crossAttention ? [...crossAttention.inputs, crossAttention.output] : []),
      ...mlp,
      ...(experts?.shared ?? []),
    ]
    return shapes.map((shape) => ({ shape, count }))
  })
  const outside = [
    ...projections(a),
    ...(a.head.transform && head !== 'sequenceClassification' ? [headTransform(a)] : []),
  ]
  return [...inLayers, ...outside.map((shape) => ({ shape, count: 1 }))]
})

/** Between an embedding of another width and the layers, in and out (opt-350m). */
export function projections({ embedding, hiddenSize }: Architecture): readonly LinearShape[] {
  const { projectedFrom } = embedding
  if (projectedFrom === null) return []
  return [
    { name: 'project_in', inputSize: projectedFrom, outputSize: hiddenSize, bias: false },
    { name: 'project_out', inputSize: hiddenSize, outputSize: projectedFrom, bias: false },
  ]
}

/** bert's dense layer between the last hidden state and the output matrix. */
export function headTransform(a: Architecture): LinearShape {
  return {
    name: 'transform.dense',
    inputSize: a.hiddenSize,
    outputSize: a.hiddenSize,
    bias: true,
  }
}

/** Whether `pattern` means the module `name`: equal, or equal to the last parts of its path. */
export function namesModule(pattern: string, name: string): boolean {
  return pattern === name || name.endsWith(`.${pattern}`) || pattern.endsWith(`.${name}`)
}

/**
 * The linear layers that get an adapter.
 * Throws InputError for a target that no layer of the model is called.
 */
export function adapterTargets(
  a: Architecture,
  head: ModelHead,
  targets: 'all-linear' | readonly string[],
): (name: string) => boolean {
  if (targets === 'all-linear') return () => true
  const names = [...new Set(linearLayers(a, head).map(({ shape }) => shape.name))]
  targets.forEach((target, index) => {
    if (names.some((name) => namesModule(target, name))) return
    throw new InputError({
      code: 'INVALID_VALUE',
      path: `method.targets.${index}`,
      message: `"${target.slice(0, 60)}" is no linear layer of ${a.modelType}; it has ${names.join(', ')}`,
    })
  })
  return (name) => targets.some((target) => namesModule(target, name))
}
