import { expect, it } from 'vitest'
import { noFastFigures } from '../monitor/figures'
import { GiB } from '../units'
import { conditionNotes, createConditionsWatch } from './deviceConditions'

const reasons = (clocksEventReasons: number | null) => ({ ...noFastFigures, clocksEventReasons })
const process = (pid: number, usedBytes: number | null) => ({
  pid,
  name: pid === 9 ? null : `program-${pid}`,
  usedBytes,
  type: 'compute' as const,
})

it('marks a step of which a single moment was throttled, by the reasons that count', () => {
  const watch = createConditionsWatch()
  for (let i = 0; i < 599; i += 1) watch.addFigures(reasons(0x4)) // the power cap alone
  watch.addFigures(reasons(0x44))
  watch.addFigures(reasons(null)) // not reported is no moment
  expect(watch.conditions()).toEqual({
    sampleCount: 600,
    throttledSampleCount: 1,
    throttleReasons: ['hwThermalSlowdown'],
    otherProcesses: [],
  })
  expect(conditionNotes(watch.conditions())).toEqual([
    'throttled at 1 of 600 moments (hwThermalSlowdown): not comparable with a run at full clocks',
  ])
})

it('marks a step beside which others held memory, with the most that each did', () => {
  const watch = createConditionsWatch()
  const own = new Set([1])
  watch.addProcesses([process(1, 9 * GiB), process(2, GiB), process(3, null)], own)
  watch.addProcesses([process(2, 3 * GiB)], own)
  watch.addProcesses([process(2, 2 * GiB), process(3, null)], own)
  expect(watch.conditions()?.otherProcesses).toEqual([
    { pid: 2, name: 'program-2', peakBytes: 3 * GiB },
    { pid: 3, name: 'program-3', peakBytes: null },
  ])
  expect(conditionNotes(watch.conditions())).toEqual([
    "shared GPU: program-2 (PID 2) held 3 GiB of it and 1 more, so speed and device memory are not this run's alone",
  ])
})

it('says what it can of a program without name and size', () => {
  const watch = createConditionsWatch()
  watch.addProcesses([process(9, null)], new Set())
  expect(conditionNotes(watch.conditions())[0]).toMatch(
    /^shared GPU: a program \(PID 9\) held — of it,/,
  )
})

it('says nothing of a GPU that was ours and unhindered, and nothing where nobody told', () => {
  const watch = createConditionsWatch()
  expect(watch.conditions()).toBeNull()
  expect(conditionNotes(null)).toEqual([])
  watch.addFigures(reasons(0x1))
  watch.addProcesses([process(1, GiB)], new Set([1]))
  expect(conditionNotes(watch.conditions())).toEqual([])
})
