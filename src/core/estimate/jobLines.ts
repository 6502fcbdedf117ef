import { InputError } from '../errors'
import type { Estimate } from './estimate'
import { estimateMemory } from './estimateMemory'
import { parseJob } from './job'
import type { BareWeights, ResolvedModel } from './resolvedModel'

/** What stands in a bad line's place. */
export interface JobError {
  readonly id: string | null
  readonly error: {
    readonly code: string
    readonly message: string
    readonly path: string | null
  }
}

/** Reads the model that a job names by path; only a host can. */
export type ModelReader = (path: string) => Promise<ResolvedModel | BareWeights>

/** Longer lines hold no job: a config.json with an entry per expert has 200 kB. */
export const maxJobLineLength = 4 * 1024 * 1024

/**
 * The answer to one line of `estimate --jobs`: an Estimate, or the error that stands in its place,
 * with the line's own id where it can be read. Any exception that is not the input's fault is thrown.
 */
export async function answerJobLine(
  line: string,
  readModel: ModelReader | null = null,
): Promise<Estimate | JobError> {
  let id: string | null = null
  try {
    const value = parseLine(line)
    id = idOf(value)
    const job = parseJob(value)
    const { path } = job.model
    if (path !== undefined && readModel !== null) {
      return estimateMemory(job, { model: await readModel(path) })
    }
    return estimateMemory(job)
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    const { code, path, file } = error
    const message = file === null ? error.message : `${file}: ${error.message}`
    return { id, error: { code, message, path } }
  }
}

function parseLine(line: string): unknown {
  if (line.length > maxJobLineLength) {
    throw new InputError({
      code: 'FILE_TOO_LARGE',
      message: `a line of ${line.length} characters holds no job; at most ${maxJobLineLength} are read`,
    })
  }
  try {
    return JSON.parse(line) as unknown
  } catch {
    throw new InputError({
      code: 'INVALID_VALUE',
      message: 'the line is not JSON; give one job per line',
    })
  }
}

function idOf(value: unknown): string | null {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, 'id')) return null
  const { id } = value as { readonly id: unknown }
  return typeof id === 'string' ? id : null
}
