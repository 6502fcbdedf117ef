import type { ExplainedEstimate, TimeEstimate } from '../../core/estimate/estimate'
import { formatBytes, formatDuration, formatSignificant } from '../../core/units'
import { decimalBytes } from './decimalBytes'
import type { Output } from '../terminal'
import { formatTable } from './table'

/** Every term with its symbols, numbers, result and source, then what is largest at the peak. */
export function explainText(answer: ExplainedEstimate, output: Output): string {
  const { bold, dim } = output.colours
  const terms = answer.explained.map(({ symbol, formula, substituted, bytes, source }) => {
    const indent = ' '.repeat(symbol.length)
    return [
      `${bold(symbol)} = ${formula}`,
      `${indent} = ${substituted}`,
      `${indent} = ${decimalBytes(bytes)} = ${formatBytes(bytes)}`,
      `${indent}   ${dim(source)}`,
    ].join('\n')
  })
  const tensors = formatTable(
    [{ label: 'Live at the peak' }, { label: 'Size', isFigure: true }],
    answer.largestTensors.map(({ label, bytes }) => [label, formatBytes(bytes)]),
    output,
  )
  const { time } = answer.estimate
  return [...terms, tensors, ...(time ? [timeText(time, output)] : [])].join('\n\n')
}

const tera = 1e12
const giga = 1e9

/** Every phase's roofline: what it computes and moves, which of the two takes longer, and how long. */
function timeText({ phases, rates, stepMs }: TimeEstimate, output: Output): string {
  const table = formatTable(
    [
      { label: 'Time by phase' },
      { label: 'Passes', isFigure: true },
      { label: 'TFLOP', isFigure: true },
      { label: 'Moved', isFigure: true },
      { label: 'Bound by' },
      { label: 'Time', isFigure: true },
    ],
    [
      ...phases.map(({ phase, passes, flops, bytes, boundBy, ms }) => [
        phase,
        String(passes),
        formatSignificant(flops / tera),
        decimalBytes(bytes),
        boundBy,
        formatDuration(ms),
      ]),
      ['sum', '', '', '', '', formatDuration(stepMs)],
    ],
    output,
  )
  const compute = `${formatSignificant(rates.flopsPerSecond / tera)} TFLOP/s`
  const move = `${formatSignificant(rates.bytesPerSecond / giga)} GB/s`
  return `${table}\n${output.colours.dim(`time = max(FLOP / ${compute}, moved / ${move}); ${rates.source}`)}`
}
