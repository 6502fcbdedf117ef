import { expect, it } from 'vitest'
import { minimumSampleCount } from '../statistics/percentileClaims'
import { measurementProfiles, runsPerSample } from './measurementProfiles'

it('takes enough samples for the percentile that each profile is for', () => {
  expect(measurementProfiles.quick.sampleCount).toBe(minimumSampleCount(0.9))
  expect(measurementProfiles.standard.sampleCount).toBe(minimumSampleCount(0.99))
  expect(measurementProfiles.audit.sampleCount).toBe(minimumSampleCount(0.999))
})

it('fills a sample of half a millisecond: 0.5 ÷ 0.04 = 12.5 → 13 runs', () => {
  expect(runsPerSample(0.04)).toBe(13)
  expect(runsPerSample(0.5)).toBe(1)
  expect(runsPerSample(7)).toBe(1)
})
