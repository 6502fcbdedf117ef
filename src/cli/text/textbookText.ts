import { formatBytes, formatSignificant } from '../../core/units'
import type { EstimateRow } from '../commands/estimate'
import type { Output } from '../terminal'
import type { ShownWith } from './estimateText'
import { explainText } from './explainText'
import { formatTable } from './table'
import { verdictMark } from './verdictMark'

const gb = (bytes: number): string => formatSignificant(bytes / 1e9)

/** The textbook's sum per precision, in the GB that courses count in: 28 + 28 + 56 = 112 GB. */
export function textbookText(
  rows: readonly EstimateRow[],
  { label, gpuName, explain }: ShownWith,
  output: Output,
): string {
  const { bold, dim } = output.colours
  const [first] = rows
  if (!first) return ''
  const count = first.answer.estimate.parameterCount.toLocaleString('en')
  const isTraining = first.job.task === 'train'
  const optimizer = first.job.task === 'train' ? `, ${first.job.optimizer}` : ''
  const usable = first.answer.estimate.gpu
  const where = usable ? ` on ${gpuName} (${formatBytes(usable.usableBytes)} usable)` : ''
  const table = formatTable(
    [
      { label: 'Precision' },
      { label: isTraining ? 'Weights + gradients + optimizer states' : 'Weights', isFigure: true },
      ...(isTraining ? [{ label: 'Loading alone', isFigure: true }] : []),
      { label: usable ? 'Verdict' : '' },
    ],
    rows.map(({ precision, answer: { estimate }, loading }) => [
      precision,
      sumText(estimate.terms, estimate.totalPeakBytes),
      ...(isTraining ? [loading ? `${gb(loading.totalPeakBytes)} GB` : '—'] : []),
      verdictMark(estimate, output),
    ]),
    output,
  )
  const explained = rows.map(
    ({ precision, answer }) => `${bold(precision)}\n\n${explainText(answer, output)}`,
  )
  const assumptions = [...new Set(rows.flatMap(({ answer }) => answer.estimate.assumptions))]
  const what = isTraining ? `training${optimizer}` : 'loading'
  return [
    bold(`${label ? `${label}: ` : ''}${count} parameters by the textbook, ${what}${where}`),
    table,
    ...(explain ? explained : []),
    `${dim('Assumed')}\n${assumptions.map((line) => `  · ${line}`).join('\n')}`,
  ].join('\n\n')
}

function sumText(terms: EstimateRow['answer']['estimate']['terms'], total: number): string {
  const parts = [terms.weightsBytes, terms.gradientsBytes, terms.optimizerStatesBytes].filter(
    (bytes) => bytes > 0,
  )
  return parts.length > 1 ? `${parts.map(gb).join(' + ')} = ${gb(total)} GB` : `${gb(total)} GB`
}
