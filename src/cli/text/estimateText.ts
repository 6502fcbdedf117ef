import type { Estimate, Interval } from '../../core/estimate/estimate'
import { type MemoryTermName, memoryTermNames } from '../../core/estimate/memoryTerms'
import type { GpuSpec } from '../../core/gpus'
import { decimalBytes } from './decimalBytes'
import { formatBytes, formatDuration, formatSignificant } from '../../core/units'
import type { EstimateRow } from '../commands/estimate'
import type { Output } from '../terminal'
import { explainText } from './explainText'
import { jobText } from './jobText'
import { solveText } from './solveText'
import { formatFacts, formatTable } from './table'

export interface ShownWith {
  /** The model as it was asked for. */
  readonly label: string | null
  /** Name of the GPU that it is judged on; null without one. */
  readonly gpuName: string | null
  readonly explain: boolean
}

const termLabels: Readonly<Record<MemoryTermName, string>> = {
  weightsBytes: 'Weights',
  gradientsBytes: 'Gradients',
  optimizerStatesBytes: 'Optimizer states',
  stateCopyBytes: 'Second copy of the state',
  activationsBytes: 'Activations',
  temporaryBytes: 'Temporaries',
  kvCacheBytes: 'KV cache',
  runtimeOverheadBytes: 'Runtime',
}

/** One estimate: the verdict, the job, its terms and phases, what was assumed. */
export function estimateText(
  row: EstimateRow,
  shown: ShownWith & { readonly smallestGpu: GpuSpec | null },
  output: Output,
): string {
  const { bold, dim } = output.colours
  const { estimate } = row.answer
  const { label, gpuName, explain, smallestGpu } = shown
  return [
    `${bold(verdictLine(estimate, gpuName, output))}\n${dim([label, jobText(row.job)].filter(Boolean).join(' · '))}`,
    termsTable(estimate, output),
    formatFacts(facts(row, smallestGpu), output),
    ...(estimate.otherCalculators ? [solveText(estimate, output)] : []),
    ...(explain ? [explainText(row.answer, output)] : []),
    `${dim('Assumed')}\n${estimate.assumptions.map((line) => `  · ${line}`).join('\n')}`,
  ].join('\n\n')
}

/** `Fits: 12.1 GiB needed of 14.6 GiB on …`: the answer in one sentence. */
export function verdictLine(estimate: Estimate, gpuName: string | null, output: Output): string {
  const { green, red, yellow } = output.colours
  const { gpu, verdict, totalPeakBytes } = estimate
  const range = intervalText(estimate.intervalBytes)
  const isFloor = estimate.intervalBytes[1] >= Number.MAX_SAFE_INTEGER
  const needed = isFloor ? range : `${formatBytes(totalPeakBytes)} (${range})`
  if (gpu === null || verdict === null) return `Needs ${needed}.`
  const spare = gpu.usableBytes - totalPeakBytes
  const where = `${formatBytes(gpu.usableBytes)} usable on ${gpuName ?? gpu.id}`
  const rest = spare >= 0 ? `${formatBytes(spare)} to spare` : `${formatBytes(-spare)} too much`
  const text = `needs ${needed} of ${where}, ${rest}.`
  if (verdict === 'fits') return `${green('Fits')}: ${text}`
  if (verdict === 'doesNotFit') return `${red('Does not fit')}: ${text}`
  return `${yellow('Too close to call')}: ${text}`
}

export function intervalText([low, high]: Interval): string {
  if (high >= Number.MAX_SAFE_INTEGER) return `at least ${formatBytes(low)}`
  return `${formatBytes(low)} to ${formatBytes(high)}`
}

function termsTable({ terms, totalPeakBytes }: Estimate, output: Output): string {
  const line = (label: string, bytes: number) => [
    label,
    formatBytes(bytes),
    decimalBytes(bytes),
    `${Math.round((100 * bytes) / totalPeakBytes)} %`,
  ]
  return formatTable(
    [
      { label: 'At the peak' },
      { label: 'Binary', isFigure: true },
      { label: 'Decimal', isFigure: true },
      { label: 'Share', isFigure: true },
    ],
    [
      ...memoryTermNames
        .filter((name) => terms[name] > 0)
        .map((name) => line(termLabels[name], terms[name])),
      line('Total', totalPeakBytes),
    ],
    output,
  )
}

function facts(row: EstimateRow, smallest: GpuSpec | null): (readonly [string, string])[] {
  const e = row.answer.estimate
  const { time } = e
  const unit = row.job.task === 'train' ? 'a step' : 'an answer'
  const trained =
    e.trainableParameterCount > 0 && e.trainableParameterCount < e.parameterCount
      ? `, ${e.trainableParameterCount.toLocaleString('en')} of them trained`
      : ''
  return [
    ['Parameters', `${e.parameterCount.toLocaleString('en')}${trained}`],
    ['Peak', `in ${e.peakPhase}; live tensors by phase: ${phasesText(e)}`],
    [
      row.job.runtime === 'onnxruntime' ? 'As its arena counts' : 'As PyTorch counts',
      `${formatBytes(e.tensorsPeakBytes)} allocated, ${formatBytes(e.reservedPeakBytes)} reserved`,
    ],
    ...(e.fileBytes === null ? [] : [['Files', formatBytes(e.fileBytes)] as const]),
    ...(time
      ? [
          [
            'Time',
            `${formatDuration(time.stepMs)} ${unit} (${formatDuration(time.intervalMs[0])} to ${formatDuration(time.intervalMs[1])}), ${formatSignificant(time.tokensPerSecond)} tokens/s, ${Math.round(100 * time.fractionOfPeak)} % of the datasheet's rate, by roofline`,
          ] as const,
        ]
      : []),
    ...(smallest
      ? [['Smallest GPU', `${smallest.name} (${smallest.id}), of those in the table`] as const]
      : []),
  ]
}

function phasesText({ phases }: Estimate): string {
  return phases.map(({ phase, peakBytes }) => `${phase} ${formatBytes(peakBytes)}`).join(', ')
}
