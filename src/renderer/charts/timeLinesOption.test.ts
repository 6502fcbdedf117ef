import { expect, it } from 'vitest'
import { timeLinesOption, timeLinesTable, type TimeLinesOptions } from './timeLinesOption'

const options: TimeLinesOptions = {
  lines: [
    { name: 'SM clock', points: [[-2, 300], [-1, null], [0, 1590]] }, // prettier-ignore
    { name: 'Memory clock', points: [[-2, 5001]], isSecond: true },
  ],
  limit: { name: 'limit 1590 MHz', value: 1590 },
  marked: { name: 'throttled', spans: [[-1, -1]] },
  unit: 'MHz',
  max: 2000,
  scheme: 'light',
}

interface Series {
  readonly name: string
  readonly connectNulls: boolean
  readonly data: readonly unknown[]
  readonly markArea?: { readonly data: readonly unknown[] }
  readonly markLine?: { readonly data: readonly unknown[] }
}
const seriesOf = (changed: Partial<TimeLinesOptions> = {}) =>
  timeLinesOption({ ...options, ...changed }).series as unknown as readonly Series[]

it('hands gaps on as gaps', () => {
  const [clock] = seriesOf()
  expect(clock).toMatchObject({ name: 'SM clock', connectNulls: false })
  expect(clock!.data[1]).toEqual([-1, null])
})

it('makes a single throttled moment wide enough to be seen', () => {
  expect(seriesOf().at(-1)?.markArea?.data).toEqual([
    [{ name: 'throttled', xAxis: -1 }, { xAxis: -0.6 }],
  ])
})

it('draws a limit where one is known, and none where it is not', () => {
  expect(seriesOf().at(-1)?.markLine?.data).toEqual([{ yAxis: 1590 }])
  expect(seriesOf({ limit: null }).at(-1)?.markLine?.data).toEqual([])
})

it('keeps every series in its place, whatever is known, so that nothing jumps', () => {
  const areas = [{ name: 'others', points: [], colour: '#000' }]
  expect(seriesOf({ areas }).map(({ name }) => name)).toEqual([
    'others',
    'SM clock',
    'Memory clock',
    'limit 1590 MHz',
  ])
})

it('tells the figures as a table, unknown as null', () => {
  expect(timeLinesTable(options, 'Time (s)')).toEqual({
    columns: ['Time (s)', 'SM clock (MHz)', 'Memory clock (MHz)'],
    rows: [
      [-2, 300, 5001],
      [-1, null, null],
      [0, 1590, null],
    ],
  })
})

it('draws what was expected as a line of its own, within the axis', () => {
  const option = timeLinesOption({ ...options, expected: { name: 'estimate', value: 6000 } })
  const series = option.series as unknown as readonly Series[]
  expect(series.find(({ name }) => name === 'estimate')?.markLine?.data).toEqual([{ yAxis: 6000 }])
  expect((option.yAxis as { max: number }).max).toBeGreaterThanOrEqual(6000)
})

it('shows any stretch of time', () => {
  const span = { fromSeconds: 60, toSeconds: 120, format: (seconds: number) => `${seconds}` }
  expect(timeLinesOption({ ...options, span }).xAxis).toMatchObject({ min: 60, max: 120 })
})
