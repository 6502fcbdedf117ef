import type { ExplainedTerm } from '../../../../core/estimate/explain'
import { type MemoryTerms, totalBytes } from '../../../../core/estimate/memoryTerms'
import { textbookMemory } from '../../../../core/estimate/textbook'

/** Precisions of the course's table; bf16 takes the bytes of fp16. */
export const textbookPrecisions = ['fp32', 'fp16', 'int8'] as const
export type TextbookPrecision = (typeof textbookPrecisions)[number]

/** What the memory is held for, from the least to the most. */
export const textbookTasks = ['load', 'sgd', 'momentum', 'adam', 'adamw'] as const
export type TextbookTask = (typeof textbookTasks)[number]

export interface TextbookCell {
  readonly precision: TextbookPrecision
  readonly task: TextbookTask
  readonly terms: MemoryTerms
  readonly totalBytes: number
  readonly explained: readonly ExplainedTerm[]
  /** Against the GPU's memory. */
  readonly fits: boolean
}

/** Every precision (rows) for every task (columns), against `limitBytes` of a GPU. */
export function textbookTable(
  parameterCount: number,
  limitBytes: number,
): readonly (readonly TextbookCell[])[] {
  return textbookPrecisions.map((precision) =>
    textbookTasks.map((task) => textbookCell(parameterCount, precision, task, limitBytes)),
  )
}

function textbookCell(
  parameterCount: number,
  precision: TextbookPrecision,
  task: TextbookTask,
  limitBytes: number,
): TextbookCell {
  const { terms, explained } = textbookMemory(
    task === 'load'
      ? { parameterCount, precision, optimizer: 'sgd', task: 'load' }
      : { parameterCount, precision, optimizer: task, task: 'train' },
  )
  const total = totalBytes(terms)
  return { precision, task, terms, totalBytes: total, explained, fits: total <= limitBytes }
}
