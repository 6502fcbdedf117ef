import type { ResolvedModel } from '../../../core/estimate/resolvedModel'
import { catalogue } from '../../../core/models/catalogue'
import { architectureFromConfig } from '../../../core/models/huggingFaceConfig'
import { parameterCount } from '../../../core/models/layerShape'

/** A model of the built-in catalogue, ready to be estimated. */
export interface FitModel {
  readonly id: string
  /** As the Hugging Face hub has it, without its owner: `Llama-3.1-8B`. */
  readonly name: string
  readonly hubName: string
  readonly parameterCount: number
  readonly resolved: ResolvedModel
}

/** Every model of the catalogue, the smallest first. */
export const fitModels: readonly FitModel[] = catalogue
  .map(({ id, name, config }): FitModel => {
    const architecture = architectureFromConfig(config)
    return {
      id,
      name: name.split('/').at(-1) ?? name,
      hubName: name,
      parameterCount: parameterCount(architecture, architecture.head.default),
      resolved: { architecture, fileBytes: null },
    }
  })
  .toSorted((a, b) => a.parameterCount - b.parameterCount)

/** 8030261248 → `8.03 B`; millions as `M`. */
export function formatParameters(count: number): string {
  for (const [unit, size] of units) {
    if (count >= 0.9995 * size) return `${Number((count / size).toPrecision(3))} ${unit}`
  }
  return String(count)
}

const units = [
  ['T', 1e12],
  ['B', 1e9],
  ['M', 1e6],
  ['k', 1e3],
] as const
