import type { ExplainedEstimate } from '../../core/estimate/estimate'
import { formatBytes } from '../../core/units'
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
  return [...terms, tensors].join('\n\n')
}
