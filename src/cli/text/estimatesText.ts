import { formatBytes } from '../../core/units'
import type { EstimateRow } from '../commands/estimate'
import type { Output } from '../terminal'
import { type ShownWith, intervalText } from './estimateText'
import { explainText } from './explainText'
import { jobText } from './jobText'
import { formatTable } from './table'
import { verdictMark } from './verdictMark'

/** The same job in several precisions, a row for each. */
export function estimatesText(
  rows: readonly EstimateRow[],
  { label, gpuName, explain }: ShownWith,
  output: Output,
): string {
  const { bold, dim } = output.colours
  const [first] = rows
  const job = first ? jobText({ ...first.job }).replace(` · ${first.precision}`, '') : ''
  const table = formatTable(
    [
      { label: 'Precision' },
      { label: 'Weights', isFigure: true },
      { label: 'Gradients', isFigure: true },
      { label: 'States', isFigure: true },
      { label: 'Activations', isFigure: true },
      { label: 'KV cache', isFigure: true },
      { label: 'Total', isFigure: true },
      { label: '90 %', isFigure: true },
      { label: gpuName ?? '' },
    ],
    rows.map(({ precision, answer: { estimate: e } }) => [
      precision,
      ...[
        e.terms.weightsBytes,
        e.terms.gradientsBytes,
        e.terms.optimizerStatesBytes,
        e.terms.activationsBytes + e.terms.temporaryBytes,
        e.terms.kvCacheBytes,
      ].map((bytes) => (bytes > 0 ? formatBytes(bytes) : '—')),
      formatBytes(e.totalPeakBytes),
      intervalText(e.intervalBytes),
      verdictMark(e, output),
    ]),
    output,
  )
  const explained = rows.map(
    ({ precision, answer }) => `${bold(precision)}\n\n${explainText(answer, output)}`,
  )
  const assumptions = [...new Set(rows.flatMap(({ answer }) => answer.estimate.assumptions))]
  return [
    [label, job].filter(Boolean).join(' · '),
    table,
    ...(explain ? explained : []),
    `${dim('Assumed')}\n${assumptions.map((line) => `  · ${line}`).join('\n')}`,
  ].join('\n\n')
}
