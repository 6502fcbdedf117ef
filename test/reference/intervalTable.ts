import { builtInGpus } from '../../src/core/builtInGpus'
import { estimateMemory } from '../../src/core/estimate/estimateMemory'
import { type residualBands, residualBands as bands } from '../../src/core/estimate/intervals'
import { deviation, scoreAllPublished } from './publishedScores'
import { quantile, type Score } from './recordedSets'
import { line, percent, table } from './scoreTable'
import { seededCells } from './seededCells'

export type BandName = keyof typeof residualBands

const isLatent = ({ row }: Score): boolean => row.family.startsWith('deepseek')
const isCheckpointed = ({ row }: Score): boolean => row.job.checkpointing !== 'none'
const ratioOf = ({ row, estimate }: Score): number => row.peak.total / estimate.tensorsPeakBytes

/** True ÷ predicted of the data that a band stands for; empty where there is none. */
export function ratiosFor(name: BandName, recorded: readonly Score[]): readonly number[] {
  switch (name) {
    case 'training':
      return recorded.filter((each) => !isCheckpointed(each) && !isLatent(each)).map(ratioOf)
    case 'checkpointed':
      return recorded.filter((each) => isCheckpointed(each) && !isLatent(each)).map(ratioOf)
    case 'latent':
      return recorded.filter(isLatent).map(ratioOf)
    case 'unknownModel':
      return recorded.map(withHiddenType)
    case 'inference':
      return publishedRatios(/^qwen2/, /bf16/)
    case 'quantizedInference':
      return publishedRatios(/^(qwen2|autoawq)/, /int/)
    case 'quantizedTraining':
      return publishedRatios(/^(litgpt|torchtune)/, /nf4/)
    case 'onnxRuntime':
    case 'severalGpus':
      return []
  }
}

/** The same step, estimated as if its model_type were not known. */
function withHiddenType({ row }: Score): number {
  const config = { ...row.job.model.config, model_type: 'hidden' }
  return row.peak.total / estimateMemory({ ...row.job, model: { config } }).tensorsPeakBytes
}

function publishedRatios(source: RegExp, precision: RegExp): readonly number[] {
  return scoreAllPublished()
    .scored.filter(
      ({ tier, row }) =>
        tier === 'allocated' && source.test(row.source) && precision.test(row.text('precision')),
    )
    .map((score) => 1 / (1 + deviation(score)))
}

export const coverage = (ratios: readonly number[], name: BandName): number =>
  ratios.filter((each) => bands[name].low <= each && each <= bands[name].high).length /
  ratios.length

const names = Object.keys(bands) as BandName[]

/** Every band with how many of its residuals it holds, and what it means for a thousand cells. */
export function intervalTables(recorded: readonly Score[]): string {
  const lines = names.map((name) => {
    const ratios = ratiosFor(name, recorded)
    const { low, high, source } = bands[name]
    return line([
      source,
      `−${percent(1 - low)}`,
      `+${percent(high - 1)}`,
      ratios.length === 0 ? '' : String(ratios.length),
      ratios.length === 0 ? '' : percent(coverage(ratios, name)),
    ])
  })
  return [
    table(['drawn from', 'lower', 'upper', 'scored', 'of them inside'], 1, lines),
    cellTable(),
  ].join('\n\n')
}

function cellTable(): string {
  const cells = seededCells(1000, builtInGpus)
  const half = ([low, high]: readonly [number, number], of: number) => (high - low) / 2 / of
  const tensors = cells.map((each) => half(each.tensorsIntervalBytes, each.tensorsPeakBytes))
  const process = cells.map((each) => half(each.intervalBytes, each.totalPeakBytes))
  const close = cells.filter(({ verdict }) => verdict === 'tooCloseToCall').length
  return table(['1,000 cells of model × method × GPU', ''], 1, [
    line(['half-width of the tensors’ interval, median', percent(quantile(tensors, 0.5))]),
    line(['half-width of the process’s interval, median', percent(quantile(process, 0.5))]),
    line(['too close to call', percent(close / cells.length)]),
  ])
}
