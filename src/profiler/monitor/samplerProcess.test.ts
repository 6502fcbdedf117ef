import { EventEmitter } from 'node:events'
import { expect, it, vi } from 'vitest'
import { createManualClock } from '../../../test/profiler/manualClock'
import type { SamplerHealth } from '../../core/monitor/monitorState'
import type { EngineChild, EngineExit } from '../engineProcess'
import { restartDelayMs, startSamplerProcess } from './samplerProcess'

/** A child that never says anything, until it is told how to end. */
function silentChild() {
  const { promise, resolve } = Promise.withResolvers<EngineExit>()
  const events = new EventEmitter()
  const kill = vi.fn<() => void>(() => resolve({ code: null, signal: 'SIGKILL' }))
  const child: EngineChild = {
    port: { on: (event, callback) => void events.on(event, callback), postMessage: () => {} },
    pid: 7,
    spawned: Promise.resolve(7),
    exited: promise,
    stderrTail: () => 'first line\nSegmentation fault\n',
    kill,
  }
  return { child, kill, end: () => resolve({ code: 3, signal: null }) }
}

function startHere() {
  const clock = createManualClock()
  const children: ReturnType<typeof silentChild>[] = []
  const healths: SamplerHealth[] = []
  const sampler = startSamplerProcess({
    role: 'fast',
    periodMs: 100,
    clock,
    launch: () => {
      children.push(silentChild())
      return children.at(-1)!.child
    },
    onEvent: () => {},
    onHealth: (health) => healths.push(health),
  })
  return { clock, children, healths, sampler }
}

it('waits twice as long after each failure in a row, up to half a minute', () => {
  expect([1, 2, 3, 4, 7, 8, 50].map(restartDelayMs)).toEqual([
    500, 1000, 2000, 4000, 30_000, 30_000, 30_000,
  ])
})

it('ends a process that hangs, says so, and starts another', () => {
  const { clock, children, healths } = startHere()
  clock.advance(29_000)
  expect(children[0]!.kill).not.toHaveBeenCalled() // a driver that wakes up its GPUs
  clock.advance(2000)
  expect(children[0]!.kill).toHaveBeenCalled()
  expect(healths.at(-1)).toMatchObject({
    state: 'hung',
    reason: 'the driver did not answer within 30 s',
    restartCount: 1,
  })
  clock.advance(400)
  expect(children).toHaveLength(1)
  clock.advance(100) // 500 ms
  expect(children).toHaveLength(2)
  expect(healths.at(-1)?.state).toBe('starting')
})

it('starts another after one that crashed, and tells its last words', async () => {
  const { clock, children, healths } = startHere()
  children[0]!.end()
  await vi.waitFor(() => expect(healths.at(-1)?.state).toBe('failed'), 20_000)
  expect(healths.at(-1)?.reason).toBe('it ended with code 3: Segmentation fault')
  clock.advance(500)
  expect(children).toHaveLength(2)
})

it('starts no other once it is stopped', () => {
  const { clock, children, sampler } = startHere()
  sampler.stop()
  expect(children[0]!.kill).toHaveBeenCalled()
  clock.advance(60_000)
  expect(children).toHaveLength(1)
  expect(sampler.pid).toBeNull()
})

it('tells where it cannot be started at all', () => {
  const clock = createManualClock()
  const healths: SamplerHealth[] = []
  startSamplerProcess({
    role: 'slow',
    periodMs: 1000,
    clock,
    launch: () => {
      throw new Error('spawn EAGAIN')
    },
    onEvent: () => {},
    onHealth: (health) => healths.push(health),
  })
  expect(healths.at(-1)?.reason).toBe('it could not be started: spawn EAGAIN')
})
