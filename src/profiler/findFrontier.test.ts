import { beforeAll, expect, it } from 'vitest'
import { bundleEntry } from '../../test/bundleEntry'
import { createManualClock } from '../../test/profiler/manualClock'
import { searchSurroundings } from '../../test/profiler/searchSurroundings'
import type { FrontierEvent, FrontierReport } from '../core/plan/largest'
import { defaultWorkload, type Workload } from '../core/plan/workload'
import { findFrontier, type FrontierQuestion } from './findFrontier'

let entry: string
beforeAll(async () => {
  entry = await bundleEntry('test/profiler/testEngine.ts')
}, 60_000)

const text: Workload = {
  ...defaultWorkload,
  preset: 'gpt-nano',
  modes: ['infer'],
  precisions: ['fp32'],
}
// Engines take 10 000 bytes for a token: 1 600 tokens fit.
const limitBytes = 16_000_000

async function search(
  question: Partial<FrontierQuestion>,
  onEvent: (event: FrontierEvent, advance: (ms: number) => void) => void = () => {},
): Promise<{ events: FrontierEvent[]; report: FrontierReport }> {
  const clock = createManualClock()
  const events: FrontierEvent[] = []
  const search = findFrontier(
    {
      workload: text,
      sequenceLengths: null,
      memoryLimitBytes: limitBytes,
      timeLimitMs: 60_000,
      ...question,
    },
    searchSurroundings(entry, 'grow', clock),
  )
  for await (const event of search) {
    events.push(event)
    onEvent(event, (ms) => clock.advance(ms))
  }
  const last = events.at(-1)!
  if (last.type !== 'report') throw new Error('no report')
  return { events, report: last.report }
}

it('brackets the largest batch of each length to 5 %', async () => {
  const { events, report } = await search({ sequenceLengths: [256, 64] })
  expect(report.isComplete).toBe(true)
  expect(report.points.map(({ sequenceLength }) => sequenceLength)).toEqual([64, 256])
  // 1600 ÷ 64 = 25; 1600 ÷ 256 = 6.25
  const [short, long] = report.points
  expect(short).toMatchObject({ largest: 25, tooLarge: 26, isBound: false })
  expect(long).toMatchObject({ largest: 6, tooLarge: 7 })
  expect(events[0]).toMatchObject({ type: 'predicted', limitBytes })
  expect(events.filter(({ type }) => type === 'point')).toHaveLength(2)
  const attempts = report.points.flatMap((point) => point.attempts)
  expect(events.filter(({ type }) => type === 'attempt')).toHaveLength(attempts.length)
}, 60_000)

it('begins nothing when time is up, and keeps what it knows', async () => {
  const { report } = await search({}, (event, advance) => {
    if (event.type === 'attempt') advance(60_000)
  })
  expect(report.isComplete).toBe(false)
  // Around the preset's own 64, as far as its 256 positions; its own was searched first.
  expect(report.points.map((point) => [point.sequenceLength, point.attempts.length])).toEqual([
    [16, 0],
    [32, 0],
    [64, 1],
    [128, 0],
    [256, 0],
  ])
  expect(report.points.map(({ largest }) => largest).filter((size) => size === null).length).toBe(
    report.points[2]!.largest === null ? 5 : 4,
  )
}, 60_000)

it('refuses lengths beyond the network, and images', async () => {
  await expect(search({ sequenceLengths: [64, 512] })).rejects.toThrow('256 positions')
  const images = { ...text, preset: 'digits-mlp' } as const
  await expect(search({ workload: images })).rejects.toThrow('images have no sequence')
})
