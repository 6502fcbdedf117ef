import { scoreFitcheck } from './fitcheckRows'
import { type NoJob, type PublishedScore, scorePublished } from './publishedJobs'
import { readPublished } from './publishedRows'
import { quantile } from './recordedSets'
import { line, percent, table } from './scoreTable'

export interface PublishedScores {
  readonly scored: readonly PublishedScore[]
  readonly noJobs: readonly NoJob[]
}

export function scoreAllPublished(): PublishedScores {
  const all = readPublished().map(scorePublished)
  return {
    scored: all.filter((each): each is PublishedScore => 'predicted' in each),
    noJobs: all.filter((each): each is NoJob => 'reason' in each),
  }
}

/** Predicted ÷ published − 1. */
export const deviation = ({ predicted, row }: PublishedScore): number => predicted / row.value - 1

export const tierNames: Readonly<Record<PublishedScore['tier'], string>> = {
  allocated: 'allocated or active',
  reserved: 'reserved',
  process: 'whole process',
  kv: 'KV cache',
  file: 'file',
  params: 'parameters',
  terms: 'single terms',
}

/** Median of the deviations' sizes, per source. */
export function mediansOf(
  scored: readonly PublishedScore[],
  tier: PublishedScore['tier'],
): Readonly<Record<string, number>> {
  const own = scored.filter((score) => score.tier === tier)
  const sources = [...new Set(own.map(({ row }) => row.source))]
  return Object.fromEntries(
    sources.map((source) => [
      source,
      quantile(
        own.filter(({ row }) => row.source === source).map((each) => Math.abs(deviation(each))),
        0.5,
      ),
    ]),
  )
}

export const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length

/** Tables of the published figures: by source, whole-process rows and T4 runs one by one, rows left out. */
export function publishedTables({ scored, noJobs }: PublishedScores): string {
  return [
    sourceTable(scored),
    rowTable(
      'whole process',
      scored
        .filter(({ tier }) => tier === 'process')
        .map((score) => ({
          name: describe(score),
          deviation: deviation(score),
        })),
    ),
    rowTable(
      'allocated on a T4 (fitcheck)',
      scoreFitcheck().map(({ name, measuredBytes, predictedBytes }) => ({
        name,
        deviation: predictedBytes / measuredBytes - 1,
      })),
    ),
    noJobTable(noJobs),
  ].join('\n\n')
}

function sourceTable(scored: readonly PublishedScore[]): string {
  const lines = Object.keys(tierNames).flatMap((name) => {
    const tier = name as PublishedScore['tier']
    const own = scored.filter((score) => score.tier === tier)
    const medians = mediansOf(scored, tier)
    const rows = Object.entries(medians).map(([source, median]) => {
      const signed = own.filter(({ row }) => row.source === source).map(deviation)
      const range = `${percent(Math.min(...signed))} to ${percent(Math.max(...signed))}`
      return line([tierNames[tier], source, String(signed.length), percent(median), range])
    })
    const total = line([
      tierNames[tier],
      'mean over sources',
      String(own.length),
      percent(mean(Object.values(medians))),
      '',
    ])
    return [...rows, total]
  })
  return table(['measured', 'source', 'rows', 'median', 'deviations'], 2, lines)
}

function describe({ row }: PublishedScore): string {
  const parts = ['precision', 'optimizer', 'batch', 'checkpointing'].map(row.text)
  const [precision, optimizer, batch, checkpointing] = parts
  const run = batch === '' ? '' : `, batch ${batch}, checkpointing ${checkpointing}`
  return [row.id, precision, optimizer].filter((part) => part !== '').join(', ') + run
}

function rowTable(
  title: string,
  rows: readonly { readonly name: string; readonly deviation: number }[],
): string {
  const lines = rows.map((row) => line([row.name, percent(row.deviation)]))
  return table([title, 'predicted ÷ measured − 1'], 1, lines)
}

function noJobTable(noJobs: readonly NoJob[]): string {
  const reasons = [...new Set(noJobs.map(({ reason }) => reason))]
  const lines = reasons.map((reason) => {
    const ids = noJobs.filter((each) => each.reason === reason).map(({ row }) => row.id)
    return line([ids.join(', '), reason])
  })
  return table(['rows that become no Job', 'because'], 2, lines)
}
