import { GiB } from '../../../core/units'
import type { ChartTable } from '../../charts/chartOption'
import type { FitDraft } from './fitDraft'
import type { FitGpu } from './fitGpus'
import type { MatrixRow } from './FitMatrix'
import { rowFits } from './rowFits'

/** The heat map as a table: headroom in GiB, negative where memory is missing, empty where unknown. */
export function matrixTable(
  draft: FitDraft,
  rows: readonly MatrixRow[],
  columns: readonly FitGpu[],
  corner: string,
): ChartTable {
  return {
    columns: [corner, ...columns.map(({ spec }) => spec.name)],
    rows: rows.map((row) => {
      const { fits } = rowFits(draft, row, columns)
      return [
        `${row.label} (${row.detail})`,
        ...columns.map((_, at) => {
          const fit = fits[at]
          return fit ? fit.headroomBytes / GiB : null
        }),
      ]
    }),
  }
}
