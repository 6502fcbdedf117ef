import type { LargestReport, SizeAttempt } from '../../core/plan/largest'
import { formatFigure } from '../../core/report/figures'
import { plainText } from '../../core/report/plainText'
import { networkName } from '../../core/plan/networkName'
import { formatBytes } from '../../core/units'
import type { Output } from '../terminal'
import { formatTable } from './table'

const nouns = { batchSize: 'batch size', sequenceLength: 'sequence length' } as const

/** One attempt in one line. */
export function attemptText({ size, fits, measuredBytes, reason }: SizeAttempt, output: Output) {
  const { green, red } = output.colours
  const what = fits ? `${formatBytes(measuredBytes)} allocated` : plainText(reason ?? '')
  return `${fits ? green('✓') : red('✗')} ${size}  ${what}`
}

/** The answer, then each size that was tried with its theory beside what was measured. */
export function largestText(report: LargestReport, output: Output): string {
  const { size, largest, predicted, isBound, limitBytes, limitSource, workload } = report
  const limit = `${formatBytes(limitBytes)} ${limitSource === 'given' ? 'given' : 'free on the device'}`
  const bound = isBound ? '; nothing larger was tried, it ends there' : ''
  const answer =
    largest === 0
      ? `Not even a ${nouns[size]} of 1 fits into ${limit}.`
      : `The largest ${nouns[size]} is ${largest} (theory: ${predicted}) in ${limit}${bound}.`
  const columns = [
    { label: nouns[size], isFigure: true },
    { label: 'Theory', isFigure: true },
    { label: 'Allocated', isFigure: true },
    { label: 'measured ÷ theory', isFigure: true },
    { label: '' },
  ]
  const rows = report.attempts
    .toSorted((a, b) => a.size - b.size)
    .map(({ size: value, theoryBytes, measuredBytes, fits, reason }) => [
      String(value),
      formatBytes(theoryBytes),
      formatBytes(measuredBytes),
      measuredBytes === null ? '—' : formatFigure(measuredBytes / theoryBytes),
      fits ? 'fits' : plainText(reason ?? ''),
    ])
  const what = `${networkName(workload)}, ${report.mode} ${report.precision}, on ${plainText(report.device.name)} through ${report.provider}`
  return [
    output.colours.bold(answer),
    output.colours.dim(what),
    formatTable(columns, rows, output),
  ].join('\n\n')
}
