import { estimateMemory } from '../../../../core/estimate/estimateMemory'
import { InputError } from '../../../../core/errors'
import type { SolveAnswer, SolveRequest } from './solveMessages'

/** The estimate with largest batch, longest sequence, reliefs and other calculators' answers. */
export function solveJob({ job, context }: SolveRequest): SolveAnswer {
  try {
    return { estimate: estimateMemory({ ...job, solve: true }, context) }
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    return { estimate: null }
  }
}
