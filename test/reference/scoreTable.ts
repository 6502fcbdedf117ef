import { estimateMemory } from '../../src/core/estimate/estimateMemory'
import { readOracle } from './oracleRows'

export interface Score {
  readonly family: string
  readonly isHeldOut: boolean
  readonly predictedBytes: number
  readonly recordedBytes: number
}

/** Every recorded step beside its estimate. */
export function scores(): readonly Score[] {
  const files = [
    ['oracle.csv', 'architectures.json', false],
    ['heldOut.csv', 'heldOutArchitectures.json', true],
  ] as const
  return files.flatMap(([file, architectures, isHeldOut]) =>
    readOracle(file, architectures).map((row) => ({
      family: row.family,
      isHeldOut,
      predictedBytes: estimateMemory(row.job).tensorsPeakBytes,
      recordedBytes: row.peak.total,
    })),
  )
}

const errorOf = ({ predictedBytes, recordedBytes }: Score): number =>
  Math.abs(predictedBytes / recordedBytes - 1)

/** One line per family: steps, median and largest error. */
export function scoreTable(all: readonly Score[]): string {
  const families = [...new Set(all.map(({ family }) => family))]
  const lines = families.map((family) => {
    const own = all.filter((score) => score.family === family)
    const errors = own.map(errorOf).toSorted((a, b) => a - b)
    const kind = own[0]?.isHeldOut ? 'held out' : ''
    return `| ${family} | ${kind} | ${errors.length} | ${percent(median(errors))} | ${percent(errors.at(-1) ?? 0)} |`
  })
  return [
    '| family | | steps | median | largest |',
    '| --- | --- | --: | --: | --: |',
    ...lines,
  ].join('\n')
}

function median(sorted: readonly number[]): number {
  const middle = sorted.length / 2
  return ((sorted[Math.floor(middle)] ?? 0) + (sorted[Math.ceil(middle) - 1] ?? 0)) / 2
}

const percent = (share: number): string => `${(100 * share).toFixed(2)} %`

const size = 420
const margin = 44
/** Bytes that the axes span: 2²⁷ to 2³⁵, logarithmic. */
const [low, high] = [27, 35]

/** Predicted over recorded peak, both logarithmic; filled: the families written with, hollow: held out. */
export function scatterPlot(all: readonly Score[]): string {
  const at = (bytes: number) =>
    (margin + ((Math.log2(bytes) - low) / (high - low)) * (size - 2 * margin)).toFixed(1)
  const up = (bytes: number) => (size - Number(at(bytes))).toFixed(1)
  const points = all.map(
    ({ recordedBytes: x, predictedBytes: y, isHeldOut }) =>
      `<circle cx="${at(x)}" cy="${up(y)}" r="3" fill="${isHeldOut ? 'none' : '#2b6cb0'}" stroke="${isHeldOut ? '#c05621' : '#2b6cb0'}" fill-opacity="0.5"/>`,
  )
  const ticks = [28, 30, 32, 34].flatMap((power) => {
    const label = `${2 ** (power - 30)} GiB`
    return [
      `<text x="${at(2 ** power)}" y="${size - margin + 16}" text-anchor="middle">${label}</text>`,
      `<text x="${margin - 6}" y="${up(2 ** power)}" text-anchor="end">${label}</text>`,
    ]
  })
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${size}" height="${size}" viewBox="0 0 ${size} ${size}" font-family="sans-serif" font-size="10">`,
    '<title>Predicted over recorded peak of live tensors</title>',
    `<rect width="${size}" height="${size}" fill="#fff"/>`,
    `<path d="M${at(2 ** low)} ${up(2 ** low)}L${at(2 ** high)} ${up(2 ** high)}" stroke="#888"/>`,
    ...points,
    ...ticks,
    `<text x="${size / 2}" y="${size - 8}" text-anchor="middle">recorded</text>`,
    `<text x="12" y="${size / 2}" transform="rotate(-90 12 ${size / 2})" text-anchor="middle">predicted</text>`,
    '</svg>',
    '',
  ].join('\n')
}
