import { expect, it } from 'vitest'
import { summarizeRecording } from '../../../core/monitor/recordingSummary'
import { GiB } from '../../../core/units'
import { estimateBeside } from './estimateBeside'

const summary = { ...summarizeRecording([]), memoryPeakBytes: 12.5 * GiB }
const estimate = {
  totalPeakBytes: 10 * GiB,
  intervalBytes: [9 * GiB, 11 * GiB] as [number, number],
}

it('counts what was in use before as somebody else’s', () => {
  expect(estimateBeside({ summary, memoryFirstBytes: 2 * GiB }, estimate)).toEqual({
    lineBytes: 12 * GiB, // 2 + 10
    beforeBytes: 2 * GiB,
    measuredBytes: 10.5 * GiB, // 12.5 − 2
    differenceBytes: 0.5 * GiB,
    relativeDifference: 0.05,
    isWithinInterval: true,
  })
})

it('a peak outside the interval is said to be so, and an unknown one is unknown', () => {
  expect(estimateBeside({ summary, memoryFirstBytes: 0 }, estimate).isWithinInterval).toBe(false)
  const silent = { ...summary, memoryPeakBytes: null }
  expect(estimateBeside({ summary: silent, memoryFirstBytes: null }, estimate)).toMatchObject({
    measuredBytes: null,
    differenceBytes: null,
    isWithinInterval: null,
  })
})
