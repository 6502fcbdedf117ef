import { expect, it } from 'vitest'
import { hostLoadBetween, readHost } from './hostLoad'

const reading = (busyMs: number, idleMs: number, engineMs: number, logicalProcessors = 2) => ({
  busyMs,
  idleMs,
  engineMs,
  logicalProcessors,
})

it('shares the processors out: of 2 × 1000 ms 1100 by the engine, 700 by others, 200 idle', () => {
  expect(hostLoadBetween(reading(5000, 900, 40), reading(6800, 1100, 1140))).toEqual({
    engineProcessors: (2 * 1100) / 2000,
    otherProcessors: (2 * 700) / 2000,
    logicalProcessors: 2,
  })
})

it('knows no less than nothing of others, though clocks tick apart', () => {
  const load = hostLoadBetween(reading(0, 0, 0), reading(1990, 10, 2003))
  expect(load).toMatchObject({ engineProcessors: 2, otherProcessors: 0 })
})

it('says nothing of too short a time, or where processors came and went', () => {
  expect(hostLoadBetween(reading(0, 0, 0), reading(300, 190, 280))).toBeNull()
  expect(hostLoadBetween(reading(0, 0, 0, 2), reading(900, 900, 500, 4))).toBeNull()
  expect(hostLoadBetween(reading(0, 0, 0, 0), reading(0, 0, 500, 0))).toBeNull()
})

it('reads clocks that do not go backwards, of as many processors as there are', () => {
  const [before, after] = [readHost(), readHost()]
  expect(after.busyMs + after.idleMs).toBeGreaterThanOrEqual(before.busyMs + before.idleMs)
  expect(after.engineMs).toBeGreaterThanOrEqual(before.engineMs)
  expect(after.logicalProcessors).toBeGreaterThan(0)
})
