import type { FitCell, FitReport, FitRow } from '../../core/estimate/fitReport'
import { plainText } from '../../core/report/plainText'
import { formatBytes, formatSignificant, GiB } from '../../core/units'
import type { Output } from '../terminal'
import { intervalText } from './estimateText'
import { formatTable } from './table'

/** Beyond these, what would help is a list nobody reads: `--gpu` and `--method` narrow it. */
const mostHelped = 8

/** How many combinations fit, the matrix of headrooms, what each method needs, and what would help. */
export function fitText(report: FitReport, output: Output): string {
  const { bold, dim } = output.colours
  return [
    `${bold(headline(report))}\n${dim(`batch ${report.batchSize} × ${report.sequenceLength} tokens; in inference half of them prompt, half generated`)}`,
    matrixTable(report, output),
    dim('GiB to spare (+) or missing (−): ✓ fits, ✗ does not, ~ too close to call'),
    needsTable(report, output),
    ...helpText(report, output),
  ].join('\n\n')
}

function headline({ model, rows, gpus }: FitReport): string {
  const name = plainText(model)
  const cells = rows.flatMap((row) => row.cells)
  const count = (verdict: FitCell['verdict']) =>
    cells.filter((cell) => cell.verdict === verdict).length
  const close = count('tooCloseToCall')
  const closeText = close > 0 ? `, ${close} too close to call` : ''
  const [only] = gpus
  if (gpus.length === 1 && only) {
    const fitting = rows.filter((row) => row.cells[0]?.verdict === 'fits')
    const methods = fitting.map(({ method }) => method).join(', ')
    return `${name} on ${only.name}: ${methods === '' ? 'nothing fits' : `fits by ${methods}`}${closeText}.`
  }
  return `${name}: ${count('fits')} of ${cells.length} combinations fit${closeText}.`
}

function matrixTable({ gpus, rows }: FitReport, output: Output): string {
  return formatTable(
    [
      { label: 'Method' },
      ...gpus.map(({ id, isLocal }) => ({ label: isLocal ? `${id} (here)` : id, isFigure: true })),
    ],
    rows.map(({ method, cells }) => [method, ...cells.map((cell) => cellText(cell, output))]),
    output,
  )
}

function cellText({ headroomBytes, verdict }: FitCell, output: Output): string {
  if (headroomBytes === null || verdict === null) return '—'
  const sign = headroomBytes < 0 ? '−' : '+'
  const size = `${sign}${formatSignificant(Math.abs(headroomBytes) / GiB)}`
  const { green, red, yellow } = output.colours
  if (verdict === 'fits') return green(`${size} ✓`)
  return verdict === 'doesNotFit' ? red(`${size} ✗`) : yellow(`${size} ~`)
}

function needsTable({ rows }: FitReport, output: Output): string {
  return formatTable(
    [
      { label: 'Method' },
      { label: 'That is' },
      { label: 'Needs' },
      { label: '90 %' },
      { label: 'Smallest GPU' },
    ],
    rows.map((row) => [row.method, row.label, ...needs(row)]),
    output,
  )
}

function needs({ error, totalPeakBytes, intervalBytes, smallestGpu }: FitRow): string[] {
  if (error !== null || intervalBytes === null) return ['—', plainText(error ?? ''), '—']
  return [
    formatBytes(totalPeakBytes),
    intervalText(intervalBytes),
    smallestGpu ?? 'none in the table',
  ]
}

function helpText({ rows }: FitReport, output: Output): string[] {
  const missing = rows.flatMap(({ method, cells }) =>
    cells.filter(({ reliefs }) => reliefs !== null).map((cell) => ({ method, cell })),
  )
  if (missing.length === 0) return []
  if (missing.length > mostHelped) {
    return [
      output.colours.dim(
        'What would help is listed where the question is smaller: --gpu t4, --method lora',
      ),
    ]
  }
  return [
    formatTable(
      [
        { label: 'Method' },
        { label: 'GPU' },
        { label: 'Cheapest that would fit' },
        { label: 'Saves' },
        { label: 'Time' },
        { label: 'Price' },
      ],
      missing.map(({ method, cell }) => [method, cell.gpu, ...cheapest(cell)]),
      output,
    ),
  ]
}

function cheapest({ reliefs }: FitCell): string[] {
  const found = reliefs?.find(({ fitsAfter }) => fitsAfter)
  if (!found) return ['nothing of what is known: another GPU or model', '—', '—', '—']
  return [
    found.change,
    formatBytes(found.savedBytes),
    `× ${formatSignificant(found.timeFactor)}`,
    found.price ?? 'time only',
  ]
}
