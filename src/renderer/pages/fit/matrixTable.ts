import { fitMatrix } from '../../../core/estimate/fitMatrix'
import { GiB } from '../../../core/units'
import type { ChartTable } from '../../charts/chartOption'
import type { FitDraft } from './fitDraft'
import type { FitGpu } from './fitGpus'
import type { MatrixRow } from './FitMatrix'
import { jobOfDraft } from './jobOfDraft'

/** The heat map as a table: headroom in GiB, negative where memory is missing, empty where unknown. */
export function matrixTable(
  draft: FitDraft,
  rows: readonly MatrixRow[],
  columns: readonly FitGpu[],
  corner: string,
): ChartTable {
  const specs = columns.map(({ spec }) => spec)
  return {
    columns: [corner, ...columns.map(({ spec }) => spec.name)],
    rows: rows.map(({ label, detail, method, model }) => {
      const job = jobOfDraft(draft, method, model.jobModel)
      const [row] = fitMatrix([job], specs, model.resolved)
      const fits = row?.fits ?? []
      return [
        `${label} (${detail})`,
        ...specs.map((_, at) => {
          const fit = fits[at]
          return fit ? fit.headroomBytes / GiB : null
        }),
      ]
    }),
  }
}
