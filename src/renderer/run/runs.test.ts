import { describe, expect, it } from 'vitest'
import { createStore } from 'zustand/vanilla'
import type { NumberedRunEvent, RunEvent } from '../../core/run/events'
import type { Host, HostClient } from '../client'
import type { ConnectionStatus } from '../connection'
import { createRecord, createStep } from '../../../test/pageData'
import { createRuns } from './runs'

const record = createRecord([createStep()])
const story: readonly RunEvent[] = [
  { type: 'runStarted', record },
  { type: 'stepStarted', step: 0, tMs: 0 },
  { type: 'epoch', step: 0, epoch: 1, loss: 0.5, testAccuracy: 0.9 },
  { type: 'epoch', step: 0, epoch: 2, loss: 0.25, testAccuracy: 0.95 },
  { type: 'stepEnded', step: 0, tMs: 900, update: { outcome: 'completed' } },
  { type: 'runEnded', outcome: 'completed' },
]
const numbered: readonly NumberedRunEvent[] = story.map((event, sequence) => ({ sequence, event }))

/** A host in which `story` has run; it breaks off once before each of the sequence numbers `breaks`. */
function createHost(breaks: readonly number[] = []) {
  const status = createStore<ConnectionStatus>(() => 'open')
  const asked: number[] = []
  const left = new Set(breaks)
  async function* events(after: number) {
    for (const one of numbered.slice(after + 1)) {
      if (left.delete(one.sequence)) {
        status.setState('reconnecting', true)
        setImmediate(() => status.setState('open', true))
        throw new Error('socket closed')
      }
      yield one
    }
  }
  const client = {
    runs: {
      current: () => Promise.resolve({ id: record.id }),
      events: ({ after }: { after: number }) => {
        asked.push(after)
        return Promise.resolve(events(after))
      },
    },
  } as unknown as HostClient
  const host: Host = { client, connection: { status, link: { call: () => Promise.reject() } } }
  return { host, asked }
}

describe('createRuns', () => {
  it('finds the run that goes on and folds it from its beginning', async () => {
    const { host, asked } = createHost()
    let ended = 0
    const runs = createRuns({ host, schedule: setImmediate, onEnded: () => (ended += 1) })
    await runs.look()
    const { status, run } = runs.store.getState()
    expect(asked).toEqual([-1])
    expect(status).toBe('idle')
    expect(run?.record.outcome).toBe('completed')
    expect(run?.record.steps[0]?.loss).toEqual([0.5, 0.25])
    expect(ended).toBe(1)
  })

  it('finds the run that another viewer began after the page had looked', async () => {
    const { host } = createHost()
    const answers = [null, record.id]
    host.client.runs.current = (() => Promise.resolve({ id: answers.shift()! })) as never
    const runs = createRuns({ host, schedule: setImmediate, onEnded: () => {} })
    await runs.look()
    expect(runs.store.getState()).toMatchObject({ status: 'idle', run: null })
    await runs.look()
    expect(runs.store.getState().run?.record.outcome).toBe('completed')
  })

  it('keeps what it shows where the host does not answer a later look', async () => {
    const { host } = createHost()
    const runs = createRuns({ host, schedule: setImmediate, onEnded: () => {} })
    await runs.look()
    host.client.runs.current = (() => Promise.reject(new Error('socket closed'))) as never
    await runs.look()
    expect(runs.store.getState()).toMatchObject({ status: 'idle', error: null })
    expect(runs.store.getState().run?.record.outcome).toBe('completed')
  })

  it('asks after a lost connection for what it missed, and for nothing twice', async () => {
    const { host, asked } = createHost([3, 5])
    const runs = createRuns({ host, schedule: setImmediate, onEnded: () => {} })
    await runs.follow(record.id)
    expect(asked).toEqual([-1, 2, 4])
    expect(runs.store.getState().run?.record.steps[0]?.epochs).toHaveLength(2)
  })

  it('draws what came between two frames at once', async () => {
    const { host } = createHost()
    const frames: (() => void)[] = []
    const runs = createRuns({ host, schedule: (draw) => frames.push(draw), onEnded: () => {} })
    let changes = 0
    runs.store.subscribe(({ run }, before) => (changes += run === before.run ? 0 : 1))
    await runs.follow(record.id)
    expect(frames).toHaveLength(1)
    expect(changes).toBe(1)
  })

  it('keeps what it knows when the host itself fails, and says why it ended', async () => {
    const { host } = createHost()
    const failing: HostClient = {
      ...host.client,
      runs: {
        ...host.client.runs,
        events: () => Promise.reject(new Error('no such run')),
      },
    }
    const runs = createRuns({
      host: { client: failing, connection: null },
      schedule: setImmediate,
      onEnded: () => {},
    })
    await runs.follow(record.id)
    expect(runs.store.getState()).toMatchObject({
      status: 'idle',
      error: { message: 'no such run' },
    })
  })
})
