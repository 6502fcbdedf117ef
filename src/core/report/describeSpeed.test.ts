import { expect, it } from 'vitest'
import { exampleRun } from '../../../test/exampleRun'
import { summarizeLatency } from '../statistics/summarizeLatency'
import { describeRun } from './describeRun'

it('ends the axis where only a tail follows, and says how much of it lies beyond', () => {
  const run = exampleRun()
  const samples = [...Array.from({ length: 99 }, (_, i) => 1 + i / 1000), 50] // 1 of 100 far out
  const steps = [
    { ...run.steps[0]!, latencySamplesMs: samples, latencyMs: summarizeLatency(samples) },
  ]
  const [speed] = describeRun(exampleRun({ steps }), 'en').sections
  const chart = speed!.charts.find(({ type }) => type === 'latency')
  expect(chart).toMatchObject({ axis: 'latency (ms); 1 % of the samples lie beyond' })
  expect((chart as { endMs: number }).endMs).toBeLessThan(3) // 2.5 × an interval that ends near 1.1
})
