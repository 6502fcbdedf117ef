import { expect, it } from 'vitest'
import { exampleRun } from '../../../test/exampleRun'
import { exampleTextRun, trainedText } from '../../../test/exampleTextRun'
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

it('says where a step with its state on the device could not be told from noise', () => {
  const run = exampleRun()
  const samples = [10, 20, 30, 40, 50, 60, 70]
  const unrolled = {
    shortStepCount: 1,
    longStepCount: 3,
    shortSamplesMs: samples,
    longSamplesMs: samples.map((sample) => sample + 10),
  }
  const steps = [{ ...run.steps[0]!, latencyMs: summarizeLatency(samples), unrolled }]
  const [speed] = describeRun(exampleRun({ steps }), 'en').sections
  expect(speed!.paragraphs).toEqual([
    expect.stringMatching(/stay on the device is not known: .* scatter\.$/),
  ])
})

it('sets the step with its state kept on the device beside the one whose state goes in and out', () => {
  const unrolled = { shortStepCount: 1, longStepCount: 3, shortSamplesMs: [], longSamplesMs: [] }
  const unrolledStep = {
    latencyMs: 40,
    lowMs: 38,
    highMs: 42,
    throughputPerSecond: 400,
    tokensPerSecond: 25_600,
    flopsPerSecond: null,
    fractionOfPeak: 0.375,
  }
  const kept = { ...trainedText(50, 2, { unrolled }), unrolledStep }
  const lost = trainedText(60, 2.1, { method: 'lora', unrolled })
  const { sections } = describeRun(exampleTextRun({ steps: [kept, lost] }), 'en')
  const { tables, paragraphs } = sections.find(({ id }) => id === 'speed')!
  const table = tables.find(({ columns }) => columns[1]!.label === 'State kept on the device (ms)')!
  expect(table.rows).toEqual([
    ['fp32 training step', '40.0', '38.0 – 42.0', '25\u202f600', '37.5', '50.0'],
    ['fp32 lora training step', '—', '—', '—', '—', '60.0'],
  ])
  expect(paragraphs.some((line) => line.includes('is not known'))).toBe(true)
})
