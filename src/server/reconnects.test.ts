import { implement } from '@orpc/server'
import { afterEach, expect, it } from 'vitest'
import { createTestRouter } from '../../test/hostRouter'
import { startTestServer } from '../../test/testServer'
import type { MonitorEvent } from '../core/monitor/monitorState'
import { createEventLog } from '../profiler/eventLog'
import type { HostContext } from '../profiler/pageServer'
import { hostContract } from '../protocol/contract'

let close: () => Promise<void>
afterEach(() => close())

/** A server whose monitor says what it is told to. */
async function startHere() {
  const log = createEventLog<MonitorEvent>({
    maxKept: 7000,
    snapshot: () => ({ type: 'snapshot', state: { gpus: [], samplers: [], fast: [], slow: [] } }),
    beginsWithSnapshot: true,
    firstSequence: 1000,
  })
  let following = 0
  const contract = implement(hostContract).$context<HostContext>()
  const { router } = createTestRouter()
  const events = contract.monitor.events.handler(async function* ({ input, signal }) {
    following += 1
    try {
      yield* log.events(input.after, signal)
    } finally {
      following -= 1
    }
  })
  const server = await startTestServer({ router: { ...router, monitor: { events } } })
  close = () => server.close()
  let published = 0
  const publish = () => {
    published += 1
    log.publish({ type: 'fast', ticks: [{ tMs: published, gpus: {} }] })
  }
  return { server, publish, followers: () => following }
}

it('who leaves and comes back a thousand times misses nothing and gets nothing twice', async () => {
  const { server, publish, followers } = await startHere()
  const seen: number[] = []
  let after = -1
  for (let time = 0; time < 1000; time += 1) {
    publish() // while nobody was there
    const { socket, client } = server.openPage()
    const events = await client.monitor.events({ after })
    publish()
    // Now two, now one are read before the socket breaks, in the middle of whatever is on its way.
    for (let wanted = time % 2; wanted >= 0; wanted -= 1) {
      const { value, done } = await events.next()
      if (done) break
      after = value.sequence
      if (value.event.type === 'fast') seen.push(value.event.ticks[0]!.tMs)
    }
    publish()
    socket.terminate()
  }
  const { socket, client } = server.openPage()
  for await (const { event } of await client.monitor.events({ after })) {
    if (event.type === 'fast') seen.push(event.ticks[0]!.tMs)
    if (seen.at(-1) === 3000) break // three in each round
  }
  // The picture stood for what was published before the first.
  expect(seen).toEqual(Array.from({ length: seen.length }, (_, i) => seen[0]! + i))
  expect(seen[0]).toBeLessThanOrEqual(3)
  socket.terminate()
  await expect.poll(followers).toBe(0)
}, 60_000)

it('who was away for longer than is kept gets the picture, then goes on', async () => {
  const { server, publish } = await startHere()
  for (let i = 0; i < 20_000; i += 1) publish()
  const { socket, client } = server.openPage()
  const events = await client.monitor.events({ after: 1005 })
  expect((await events.next()).value).toMatchObject({
    sequence: 20_999, // 1000 + 20 000 − 1
    event: { type: 'snapshot' },
  })
  publish()
  expect((await events.next()).value).toMatchObject({ sequence: 21_000, event: { type: 'fast' } })
  socket.terminate()
})
