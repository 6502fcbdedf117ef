import { describe, expect, it } from 'vitest'
import { nearestStop, sliderStops } from './sliderStops'

describe('sliderStops', () => {
  it('stops at every number up to 16, then eight times to a doubling', () => {
    const stops = sliderStops(1, 40)
    expect(stops.slice(0, 16)).toEqual(Array.from({ length: 16 }, (_, i) => i + 1))
    expect(stops.slice(16)).toEqual([18, 20, 22, 24, 26, 28, 30, 32, 36, 40])
  })

  it('ends at the powers of two that people mean', () => {
    const stops = sliderStops(64, 131_072)
    expect(stops.at(-1)).toBe(131_072)
    expect(stops).toContain(2048)
    expect(stops).toHaveLength(11 * 8 + 1) // 64 to 131072 is 11 doublings
  })
})

describe('nearestStop', () => {
  it('is where the slider stands for a number that was typed', () => {
    expect(nearestStop([1, 2, 4], 3.4)).toBe(2)
    expect(nearestStop([1, 2, 4], 1e9)).toBe(2)
  })
})
