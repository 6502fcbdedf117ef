import { type MemoryTermName, memoryTermNames } from '../../../core/estimate/memoryTerms'
import { optimizerStatesPerParameter } from '../../../core/estimate/textbook'
import type { Step } from '../../../core/run/record'

/** How a term of a step comes about: its formula, and the formula with the step's numbers. */
export interface ExplainedStepTerm {
  readonly term: MemoryTermName
  readonly bytes: number
  readonly formula: string
  /** null where the graph's own sizes are added up, which no short formula gives. */
  readonly numbers: string | null
  /** Bytes that the numbers come to; null as they are. */
  readonly resultBytes: number | null
}

/** fp32 masters: what training keeps, whatever it computes in. */
const masterBytes = 4
const storedBytes: Readonly<Record<string, number>> = { fp32: 4, fp16: 2, bf16: 2, int8: 1 }

const formulas: Readonly<Record<MemoryTermName, string>> = {
  weightsBytes: 'N × b',
  gradientsBytes: 'N × b',
  optimizerStatesBytes: 'k × N × b',
  stateCopyBytes: '(1 + k) × N × b',
  activationsBytes: 'Σ B × n × b',
  temporaryBytes: 'Σ B × n × b',
  kvCacheBytes: '2 × L × B × s × d × b',
  runtimeOverheadBytes: 'Σ',
}

/**
 * Every term that the step holds at some time, with its bytes at the peak. Training has gradients
 * even where none is left at the peak of any phase.
 */
export function explainTerms(step: Step): readonly ExplainedStepTerm[] {
  if (step.memory.theory === null) return []
  const { phases, terms } = step.memory.theory
  return memoryTermNames
    .filter(
      (term) =>
        phases.some((phase) => phase.terms[term] > 0) ||
        (term === 'gradientsBytes' && step.mode === 'train'),
    )
    .map((term) => ({
      term,
      bytes: terms[term],
      formula: formulas[term],
      ...numbersOf(step, term),
    }))
}

function numbersOf(
  { mode, precision, optimizer, network }: Step,
  term: MemoryTermName,
): Pick<ExplainedStepTerm, 'numbers' | 'resultBytes'> {
  const count = network.parameterCount
  const bytes = mode === 'train' ? masterBytes : (storedBytes[precision] ?? masterBytes)
  switch (term) {
    case 'weightsBytes':
    case 'gradientsBytes':
      return { numbers: `${count} × ${bytes} B`, resultBytes: count * bytes }
    case 'optimizerStatesBytes': {
      const states =
        optimizerStatesPerParameter[
          (optimizer ?? 'sgd') as keyof typeof optimizerStatesPerParameter
        ]
      return {
        numbers: `${states} × ${count} × ${bytes} B`,
        resultBytes: states * count * bytes,
      }
    }
    case 'stateCopyBytes':
    case 'activationsBytes':
    case 'temporaryBytes':
    case 'kvCacheBytes':
    case 'runtimeOverheadBytes':
      return { numbers: null, resultBytes: null }
  }
}
