import type { ModelFile } from './modelFile'

/** A model found at a path: its configuration, the headers of its weights, or both. */
export interface ModelOnDisk {
  /** Base name of what was given. */
  readonly name: string
  /** Content of config.json, or the same made from a GGUF header; null where there is neither. */
  readonly config: Readonly<Record<string, unknown>> | null
  readonly weights: ModelFile | null
  /** `Q4_K_M` and its like; null for other formats or where the file does not say. */
  readonly ggufType: string | null
}
