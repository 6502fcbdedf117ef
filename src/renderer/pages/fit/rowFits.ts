import type { GpuFit } from '../../../core/estimate/gpuFit'
import { fitMatrix } from '../../../core/estimate/fitMatrix'
import { InputError } from '../../../core/errors'
import type { FitDraft } from './fitDraft'
import type { FitGpu } from './fitGpus'
import type { MatrixRow } from './FitMatrix'
import { jobOfDraft } from './jobOfDraft'

export interface RowFits {
  /** In the order of the columns; null where nobody knows the GPU's memory. */
  readonly fits: readonly (GpuFit | null)[]
  /** Why the row cannot be estimated, one line; null where it can. */
  readonly problem: string | null
}

/** One row of the heat map: one estimate, and how it fares on every GPU. */
export function rowFits(
  draft: FitDraft,
  { method, model }: Pick<MatrixRow, 'method' | 'model'>,
  columns: readonly FitGpu[],
): RowFits {
  try {
    const job = jobOfDraft(draft, method, model.jobModel)
    const [row] = fitMatrix(
      [job],
      columns.map(({ spec }) => spec),
      model.resolved,
    )
    return { fits: row?.fits ?? [], problem: row?.error?.toLine() ?? null }
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    return { fits: [], problem: error.toLine() }
  }
}
