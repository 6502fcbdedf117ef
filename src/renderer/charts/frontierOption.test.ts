import { expect, it } from 'vitest'
import { expectedColour } from './colours'
import { renderSvg } from './echarts'
import { frontierOption, frontierTable } from './frontierOption'

const labels = {
  sequenceLength: 'Tokens',
  batch: 'Batch',
  predicted: 'predicted',
  largest: 'largest that ran',
  ran: 'ran',
  tooLarge: 'too large',
}
const rows = [
  { sequenceLength: 32, predicted: 40, largest: 38, tooLarge: 39 },
  { sequenceLength: 64, predicted: 0, largest: null, tooLarge: 1 },
]
const attempts = [
  { sequenceLength: 32, size: 38, fits: true },
  { sequenceLength: 32, size: 39, fits: false },
  { sequenceLength: 64, size: 1, fits: false },
]

it('spans powers of two around what is to be seen', () => {
  const { xAxis, yAxis } = frontierOption({ rows, attempts, labels, scheme: 'light' })
  expect(xAxis).toMatchObject({ min: 32, max: 64 })
  expect(yAxis).toMatchObject({ min: 1, max: 64 }) // 39 lies between 32 and 64
})

it.each([
  ['what was found', rows, attempts],
  ['nothing yet', [], []],
] as const)('draws %s', (_what, given, tried) => {
  const option = frontierOption({ rows: given, attempts: tried, labels, scheme: 'dark' })
  const svg = renderSvg({ option, title: 'A', scheme: 'dark', width: 600, height: 300 })
  expect(svg).toContain('predicted')
})

it('leaves out of the line what a logarithm has no place for, and keeps it in the table', () => {
  const { series } = frontierOption({ rows, attempts, labels, scheme: 'light' })
  const [line] = [series].flat()
  expect(line?.data).toEqual([
    [32, 40],
    [64, null],
  ])
  expect(frontierTable(rows, labels).rows[1]).toEqual([64, 0, null, 1])
})

it.each(['light', 'dark'] as const)(
  'draws theory in the colour it has in every chart, %s',
  (scheme) => {
    const { series } = frontierOption({ rows, attempts, labels, scheme })
    const [line] = [series].flat()
    expect(line).toMatchObject({ lineStyle: { color: expectedColour[scheme] } })
  },
)
