import { describe, expect, it } from 'vitest'
import { explainEstimate } from '../../core/estimate/estimateMemory'
import { parseJob } from '../../core/estimate/job'
import { GiB } from '../../core/units'
import { stepMemoryOption, stepMemoryTable, type StepMemoryLabels } from './stepMemoryOption'

const labels: StepMemoryLabels = {
  term: (name) => name,
  phase: (phase) => phase,
  moment: (label) => label,
  memory: 'memory',
  total: 'Total',
  course: 'one step',
  limit: 'limit',
  peak: 'peak',
  momentColumn: 'Moment',
  phaseColumn: 'Phase',
}
const { estimate, timeline } = explainEstimate(
  parseJob({ task: 'train', model: { name: 'qwen2.5-0.5b' }, batchSize: 2, gpu: 't4' }),
)
const runtimeBytes = estimate.terms.runtimeOverheadBytes
const option = (limitBytes: number | null) =>
  stepMemoryOption({ timeline, runtimeBytes, limitBytes, labels, scheme: 'light' })

interface Series {
  readonly name: string
  readonly stack?: string
  readonly data: readonly (readonly [x: number, y: number])[]
  readonly markLine?: { readonly data: readonly { readonly yAxis: number }[] }
}
const seriesOf = (limitBytes: number | null) => option(limitBytes).series as unknown as Series[]

describe('stepMemoryOption', () => {
  it('stacks the terms up to the peak that the verdict is given by', () => {
    const stacked = seriesOf(16 * GiB).filter(({ stack }) => stack === 'memory')
    const totals = stacked[0]!.data.map((_, at) =>
      stacked.reduce((sum, { data }) => sum + data[at]![1], 0),
    )
    expect(Math.max(...totals)).toBeCloseTo(estimate.totalPeakBytes / GiB, 9)
  })

  it('draws the limit, and keeps it within the plot', () => {
    const [peak] = seriesOf(16 * GiB).filter(({ name }) => name === 'peak')
    expect(peak?.markLine?.data).toEqual([{ yAxis: 16 }])
    expect(option(16 * GiB).yAxis).toMatchObject({ max: expect.closeTo(1.12 * 16, 9) })
  })

  it('draws no limit where nobody knows it, or where it would flatten the picture', () => {
    for (const limitBytes of [null, 1000 * GiB]) {
      const [peak] = seriesOf(limitBytes).filter(({ name }) => name === 'peak')
      expect(peak?.markLine).toBeUndefined()
    }
  })

  it('marks every phase once, in order, without a gap', () => {
    const [peak] = seriesOf(null).filter(({ name }) => name === 'peak')
    const { markArea } = peak as unknown as {
      markArea: { data: [{ xAxis: number; name: string }, { xAxis: number }][] }
    }
    expect(markArea.data.map(([from]) => from.name)).toEqual([
      'forward',
      'loss',
      'backward',
      'optimizer',
    ])
    markArea.data.slice(1).forEach(([from], at) => {
      expect(from.xAxis).toBe(markArea.data[at]![1].xAxis)
    })
  })
})

describe('stepMemoryTable', () => {
  it('has every moment, its terms and their sum', () => {
    const { columns, rows } = stepMemoryTable(timeline, runtimeBytes, labels)
    expect(rows).toHaveLength(timeline.length)
    expect(columns.at(-1)).toBe('Total (MiB)')
    for (const row of rows) {
      const terms = row.slice(2, -1) as number[]
      expect(terms.reduce((a, b) => a + b)).toBeCloseTo(row.at(-1) as number, 6)
    }
  })
})
