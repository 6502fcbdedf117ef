import { beforeAll, expect, it } from 'vitest'
import { bundleEntry } from '../../test/bundleEntry'
import { createManualClock } from '../../test/profiler/manualClock'
import { searchSurroundings } from '../../test/profiler/searchSurroundings'
import type { LargestEvent } from '../core/plan/largest'
import { defaultWorkload } from '../core/plan/workload'
import { findLargest, type LargestQuestion } from './findLargest'

let entry: string
beforeAll(async () => {
  entry = await bundleEntry('test/profiler/testEngine.ts')
}, 60_000)

/** A search over engines that allocate 1200 bytes whatever they are asked, on a CPU. */
async function search(question: Partial<LargestQuestion>): Promise<LargestEvent[]> {
  const events: LargestEvent[] = []
  const search = findLargest(
    { workload: defaultWorkload, size: 'batchSize', memoryLimitBytes: 1000, ...question },
    searchSurroundings(entry, 'wait', createManualClock()),
  )
  for await (const event of search) events.push(event)
  return events
}

it('ends each engine once its memory is known, and finds none where 1 is too large', async () => {
  const events = await search({})
  expect(events.map(({ type }) => type)).toEqual(['attempt', 'report'])
  expect(events[0]).toMatchObject({
    attempt: { size: 1, fits: false, measuredBytes: 1200, reason: 'it allocated 1.17 KiB' },
    limitBytes: 1000,
  })
  expect(events[1]).toMatchObject({
    report: { largest: 0, predicted: 0, isBound: false, limitSource: 'given', mode: 'infer' },
  })
})

it('asks for a limit where the host itself would run out, and knows no sequence of images', async () => {
  await expect(search({ memoryLimitBytes: null })).rejects.toThrow('give a limit, such as 2GiB')
  await expect(search({ size: 'sequenceLength' })).rejects.toThrow('images have no sequence')
})
