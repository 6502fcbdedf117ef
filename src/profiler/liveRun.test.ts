import { expect, it } from 'vitest'
import { runRecord } from '../../test/runRecords'
import { applyRunEvent, type RunState } from '../core/run/applyRunEvent'
import type { NumberedRunEvent, RunEvent } from '../core/run/events'
import { createLiveRun, storedEvents } from './liveRun'

const latency = (ms: number): RunEvent => ({ type: 'latency', step: 0, samplesMs: [ms] })
const ended: RunEvent = { type: 'runEnded', outcome: 'completed' }

async function readAll(events: AsyncIterable<NumberedRunEvent>): Promise<NumberedRunEvent[]> {
  const read: NumberedRunEvent[] = []
  for await (const event of events) read.push(event)
  return read
}
const fold = (events: readonly NumberedRunEvent[]) =>
  events.reduce<RunState | null>((state, { event }) => applyRunEvent(state, event), null)!.record

it('tells every reader the same, whenever it came', async () => {
  const live = createLiveRun(runRecord())
  const early = readAll(live.events(-1))
  live.publish(latency(1))
  const late = readAll(live.events(-1))
  live.publish(latency(2))
  live.publish(ended)
  const after = readAll(live.events(-1))
  expect((await early).map(({ sequence }) => sequence)).toEqual([0, 1, 2, 3])
  expect(await late).toEqual(await early)
  expect(await after).toEqual(await early)
  expect(fold(await early)).toEqual(live.record)
})

it('goes on after the last event that a reader has seen', async () => {
  const live = createLiveRun(runRecord())
  live.publish(latency(1))
  live.publish(latency(2))
  live.publish(ended)
  expect((await readAll(live.events(1))).map(({ sequence }) => sequence)).toEqual([2, 3])
  expect(await readAll(live.events(3))).toEqual([])
})

it('gives a reader that is thousands of events behind the record instead', async () => {
  const live = createLiveRun(runRecord())
  const slow = live.events(-1)
  const first = await slow.next()
  const count = 12_000
  for (let each = 0; each < count; each += 1) live.publish({ type: 'memory', step: 0, samples: [] })
  live.publish(latency(7))
  const second = await slow.next()
  expect(second.value).toMatchObject({ sequence: count + 1, event: { type: 'runStarted' } })
  live.publish(ended)
  const rest = await readAll(slow)
  expect(rest).toHaveLength(1)
  expect(fold([first.value!, second.value!, ...rest])).toEqual(live.record)
})

it('lets go of a reader that has gone', async () => {
  const live = createLiveRun(runRecord())
  const gone = new AbortController()
  const reading = readAll(live.events(0, gone.signal))
  gone.abort()
  expect(await reading).toEqual([])
})

it('plays a stored run as its record and its end, numbered after what was seen', () => {
  const record = runRecord({ outcome: 'partial' })
  const events = [...storedEvents(record, 41)]
  expect(events.map(({ sequence }) => sequence)).toEqual([42, 43])
  expect(fold(events)).toEqual(record)
})
