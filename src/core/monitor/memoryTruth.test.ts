import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { GiB, MiB } from '../units'
import { noFastFigures, type GpuProcess } from './figures'
import { memoryTruth } from './memoryTruth'

const t4 = {
  ...noFastFigures,
  memoryTotalBytes: 15_360 * MiB,
  memoryReservedBytes: 448 * MiB,
  memoryUsedBytes: 3 * GiB,
}
const process = (pid: number, usedBytes: number | null): GpuProcess => ({
  pid,
  name: `program-${pid}`,
  usedBytes,
  type: 'compute',
})

describe('the memory that a new program can have', () => {
  it('is the total less the driver, the others and the spill', () => {
    const truth = memoryTruth({ ...t4, spillBytes: 64 * MiB }, [])
    expect(truth.usableBytes).toBe((15_360 - 448 - 3072 - 64) * MiB)
    expect(truth.spill).toEqual({ bytes: 64 * MiB, method: 'reported' })
  })

  it('counts our own processes as ours', () => {
    const processes = [process(1, GiB), process(2, 2 * GiB - 10 * MiB)]
    const truth = memoryTruth(t4, processes, new Set([1]))
    expect(truth.otherProcesses).toEqual({ bytes: 2 * GiB, method: 'difference' })
    expect(truth.usableBytes).toBe((15_360 - 448 - 2048) * MiB)
    expect(truth.others.map(({ pid }) => pid)).toEqual([2])
    expect(truth.unattributedBytes).toBe(10 * MiB) // 2 GiB held by others, 2 GiB − 10 MiB listed
  })

  it('says where an older driver counts its reserve as used', () => {
    const truth = memoryTruth({ ...t4, memoryReservedBytes: null }, [])
    expect(truth.driverReserve).toEqual({ bytes: null, method: 'amongOthers' })
    expect(truth.usableBytes).toBe((15_360 - 3072) * MiB)
  })

  it('is unknown where the use is, never the total', () => {
    const truth = memoryTruth({ ...t4, memoryUsedBytes: null }, null)
    expect(truth.usableBytes).toBeNull()
    expect(truth.otherProcesses.method).toBe('notReported')
    expect(truth.own.method).toBe('notReported')
  })

  it('names others of unknown size last, and attributes nothing to them', () => {
    const truth = memoryTruth(t4, [process(7, null), process(8, GiB)])
    expect(truth.others.map(({ pid }) => pid)).toEqual([8, 7])
    expect(truth.unattributedBytes).toBe(2 * GiB)
    expect(memoryTruth(t4, [process(7, null)]).unattributedBytes).toBeNull()
  })

  it('is never negative and never more than the total', () => {
    const bytes = fc.nat({ max: 2 ** 40 })
    fc.assert(
      fc.property(
        bytes,
        fc.option(bytes),
        bytes,
        fc.option(bytes),
        (total, reserved, used, spill) => {
          const figures = {
            ...noFastFigures,
            memoryTotalBytes: total,
            memoryReservedBytes: reserved,
            memoryUsedBytes: used,
            spillBytes: spill,
          }
          const { usableBytes } = memoryTruth(figures, [process(1, used)], new Set([1]))
          expect(usableBytes).toBeGreaterThanOrEqual(0)
          expect(usableBytes).toBeLessThanOrEqual(total)
        },
      ),
    )
  })
})
