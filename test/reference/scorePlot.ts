import type { Score } from './recordedSets'

const size = 420
const margin = 44
/** Bytes that the axes span: 2²⁷ to 2³⁵, logarithmic. */
const [low, high] = [27, 35]

const colours: Readonly<Record<Score['set'], string>> = {
  'written with': '#2b6cb0',
  'held out': '#c05621',
  unseen: '#2f855a',
  'full depth': '#6b46c1',
}

/** Predicted over recorded peak, both logarithmic, one colour per set. */
export function scatterPlot(all: readonly Score[]): string {
  const at = (bytes: number) =>
    (margin + ((Math.log2(bytes) - low) / (high - low)) * (size - 2 * margin)).toFixed(1)
  const up = (bytes: number) => (size - Number(at(bytes))).toFixed(1)
  const points = all.map(
    ({ row, estimate, set }) =>
      `<circle cx="${at(row.peak.total)}" cy="${up(estimate.tensorsPeakBytes)}" r="3" fill="${colours[set]}" stroke="${colours[set]}" fill-opacity="0.35"/>`,
  )
  const ticks = [28, 30, 32, 34].flatMap((power) => {
    const label = `${2 ** (power - 30)} GiB`
    return [
      `<text x="${at(2 ** power)}" y="${size - margin + 16}" text-anchor="middle">${label}</text>`,
      `<text x="${margin - 6}" y="${up(2 ** power)}" text-anchor="end">${label}</text>`,
    ]
  })
  const legend = Object.entries(colours).map(
    ([name, colour], index) =>
      `<text x="${margin + 12}" y="${margin + 14 * index}" fill="${colour}">● ${name}</text>`,
  )
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${size}" height="${size}" viewBox="0 0 ${size} ${size}" font-family="sans-serif" font-size="10">`,
    '<title>Predicted over recorded peak of live tensors</title>',
    `<rect width="${size}" height="${size}" fill="#fff"/>`,
    `<path d="M${at(2 ** low)} ${up(2 ** low)}L${at(2 ** high)} ${up(2 ** high)}" stroke="#888"/>`,
    ...points,
    ...ticks,
    ...legend,
    `<text x="${size / 2}" y="${size - 8}" text-anchor="middle">recorded</text>`,
    `<text x="12" y="${size / 2}" transform="rotate(-90 12 ${size / 2})" text-anchor="middle">predicted</text>`,
    '</svg>',
    '',
  ].join('\n')
}
