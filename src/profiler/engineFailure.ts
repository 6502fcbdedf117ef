import { homedir, hostname } from 'node:os'
import type { StepOutcome } from '../core/run/record'
import type { EngineExit } from './engineProcess'

// What the end of an engine process means when it said nothing itself.

export interface EngineFailure {
  readonly outcome: StepOutcome
  /** One line. */
  readonly reason: string
  /** What the process wrote on stderr, names of the machine and its user left out. */
  readonly details?: string
}

/** Longest piece of stderr that a record keeps: its end, where the cause is. */
const maxDetailsLength = 4000

/** The outcome of a step whose process ended before the step did. */
export function explainExit({ code, signal }: EngineExit, stderr: string): EngineFailure {
  const details = cleanDetails(stderr)
  const failure = (outcome: StepOutcome, reason: string): EngineFailure => ({
    outcome,
    reason,
    ...(details === '' ? {} : { details }),
  })
  if (/bad_alloc|heap out of memory|cannot allocate memory/i.test(stderr)) {
    return failure('hostOutOfMemory', 'the engine process ran out of host memory')
  }
  if (signal === 'SIGTRAP') {
    // Electron's allocator ends a process that asks for more than 1 GiB in one piece.
    return failure(
      'hostOutOfMemory',
      'the engine process asked for more host memory in one piece than it may have (SIGTRAP)',
    )
  }
  if (signal === 'SIGKILL') {
    return failure(
      'crashed',
      'the engine process was killed from outside (SIGKILL); Linux does that when memory runs out',
    )
  }
  if (signal !== null) return failure('crashed', `the engine process crashed (${signal})`)
  if (code === null) return failure('crashed', 'the engine process could not be started')
  return failure(
    'crashed',
    code === 0
      ? 'the engine process ended without a result'
      : `the engine process ended by itself with exit code ${code}`,
  )
}

/** The end of `stderr` without what names this machine or its user. */
export function cleanDetails(stderr: string): string {
  const names: readonly (readonly [string, string])[] = [
    [homedir(), '~'],
    [hostname(), '(host)'],
  ]
  const cleaned = names.reduce(
    // A root user's home and very short names would hit half of all words.
    (text, [name, stand]) => (name.length > 3 ? text.replaceAll(name, stand) : text),
    stderr.replaceAll(/hostname=\S+\s*;?\s*/g, ''),
  )
  return cleaned.trim().slice(-maxDetailsLength)
}
