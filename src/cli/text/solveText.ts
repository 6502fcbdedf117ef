import type { Estimate, Relief } from '../../core/estimate/estimate'
import { formatBytes, formatSignificant } from '../../core/units'
import type { Output } from '../terminal'
import { formatFacts, formatTable } from './table'

/** The other way round: what would fit, what would help, and what other calculators say. */
export function solveText(estimate: Estimate, output: Output): string {
  const { maxBatchSize, maxSequenceLength, reliefs, otherCalculators } = estimate
  const found = (value: number | null) =>
    value === 0 ? 'not even 1' : (value ?? 0).toLocaleString('en')
  return [
    ...(maxBatchSize === null
      ? []
      : [
          formatFacts(
            [
              ['Largest batch that fits', found(maxBatchSize)],
              ['Longest sequence that fits', found(maxSequenceLength)],
            ],
            output,
          ),
        ]),
    ...(reliefs && estimate.verdict !== 'fits' ? [reliefsText(reliefs, output)] : []),
    formatTable(
      [{ label: 'What others say' }, { label: 'Total', isFigure: true }, { label: 'By' }],
      (otherCalculators ?? []).map(({ name, totalBytes, source }) => [
        name,
        formatBytes(totalBytes),
        source,
      ]),
      output,
    ),
  ].join('\n\n')
}

/** Single changes, the cheapest that make it fit first. */
export function reliefsText(reliefs: readonly Relief[], output: Output): string {
  if (reliefs.length === 0) return 'No single change would save memory.'
  return formatTable(
    [
      { label: 'What would help' },
      { label: 'Saves', isFigure: true },
      { label: 'Then fits' },
      { label: 'Time', isFigure: true },
      { label: 'Price' },
    ],
    reliefs.map(({ change, savedBytes, fitsAfter, timeFactor, price }) => [
      change,
      formatBytes(savedBytes),
      fitsAfter ? output.colours.green('yes') : 'no',
      `× ${formatSignificant(timeFactor)}`,
      price ?? 'time only',
    ]),
    output,
  )
}
