import { describe, expect, it } from 'vitest'
import { decimate, type Point } from './decimate'

const line = (count: number): Point[] => Array.from({ length: count }, (_, i) => [i, 1])

describe('decimate', () => {
  it('leaves a short series as it is', () => {
    const points = line(10)
    expect(decimate(points, 10)).toBe(points)
  })

  it('keeps the highest and the lowest point wherever they are', () => {
    const points = line(36_000).map(([x]): Point => [x, x === 12_345 ? 9 : x === 23_456 ? -9 : 1])
    const kept = decimate(points, 600)
    expect(kept.length).toBeLessThanOrEqual(600)
    expect(kept).toContainEqual([12_345, 9])
    expect(kept).toContainEqual([23_456, -9])
  })

  it('keeps the order of time', () => {
    const points = Array.from({ length: 5000 }, (_, i): Point => [i, Math.sin(i / 7)])
    const times = decimate(points, 300).map(([x]) => x)
    expect(times).toEqual(times.toSorted((a, b) => a - b))
  })
})
