import { expect, it } from 'vitest'
import { clockReasons, decodeClockReasons, isThrottled, throttleMask } from './clockReasons'

it('names every bit of NVML, lowest first', () => {
  expect(clockReasons.map(({ bit }) => bit)).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256])
  expect(decodeClockReasons(0)).toEqual([])
  expect(decodeClockReasons(0x44)).toEqual(['swPowerCap', 'hwThermalSlowdown'])
  expect(decodeClockReasons(0x8000)).toEqual([]) // of a driver to come
})

it('calls heat and power supply throttling, a power cap and idling not', () => {
  const throttling = clockReasons.filter(({ bit }) => isThrottled(bit)).map(({ name }) => name)
  expect(throttling).toEqual([
    'hwSlowdown',
    'swThermalSlowdown',
    'hwThermalSlowdown',
    'hwPowerBrakeSlowdown',
  ])
  expect(throttleMask).toBe(0x8 + 0x20 + 0x40 + 0x80)
  expect(isThrottled(null)).toBe(false)
})
