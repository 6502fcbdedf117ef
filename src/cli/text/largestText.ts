import type { FrontierReport, LargestReport, SizeAttempt } from '../../core/plan/largest'
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
  const { size, largest, predicted, isBound } = report
  const limit = limitText(report)
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
  return [
    output.colours.bold(answer),
    output.colours.dim(whatText(report)),
    formatTable(columns, rows, output),
  ].join('\n\n')
}

/** For each sequence length the largest batch that ran, the next that did not, and theory's. */
export function frontierText(report: FrontierReport, output: Output): string {
  const { points, isComplete, timeLimitMs } = report
  const answer = `The largest batch for each sequence length in ${limitText(report)}.`
  const columns = [
    { label: 'tokens', isFigure: true },
    { label: 'Theory', isFigure: true },
    { label: 'Runs', isFigure: true },
    { label: 'Too large', isFigure: true },
    { label: 'Attempts', isFigure: true },
  ]
  const rows = points.map(({ sequenceLength, predicted, largest, tooLarge, isBound, attempts }) => [
    String(sequenceLength),
    String(predicted),
    largest === null ? '—' : `${largest}${isBound ? ' (the most that may be asked for)' : ''}`,
    tooLarge === null ? '—' : String(tooLarge),
    String(attempts.length),
  ])
  const late = `Time was up after ${timeLimitMs / 1000} s: not every length was searched to its end.`
  return [
    output.colours.bold(answer),
    output.colours.dim(whatText(report)),
    formatTable(columns, rows, output),
    ...(isComplete ? [] : [late]),
  ].join('\n\n')
}

type Searched = LargestReport | FrontierReport

function limitText({ limitBytes, limitSource }: Searched): string {
  return `${formatBytes(limitBytes)} ${limitSource === 'given' ? 'given' : 'free on the device'}`
}

function whatText({ workload, mode, precision, device, provider }: Searched): string {
  return `${networkName(workload)}, ${mode} ${precision}, on ${plainText(device.name)} through ${provider}`
}
