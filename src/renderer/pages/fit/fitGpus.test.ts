import { describe, expect, it } from 'vitest'
import { builtInGpus } from '../../../core/builtInGpus'
import type { Device } from '../../../core/device'
import { GiB } from '../../../core/units'
import { chosenGpu, gpuColumns, knownGpus, tableId } from './fitGpus'

const device = (given: Partial<Device>): Device => ({
  id: 'gpu-0',
  name: 'Stub T4 (no GPU)',
  kind: 'gpu',
  vendor: 'NVIDIA',
  memoryTotalBytes: 15 * GiB,
  memoryFreeBytes: null,
  unifiedMemory: false,
  driverVersion: null,
  computeCapability: null,
  powerLimitWatts: null,
  gpuId: null,
  source: 'nvidia-smi',
  ...given,
})

describe('knownGpus', () => {
  it('marks the GPU of this machine in the table', () => {
    const gpus = knownGpus([device({ gpuId: 't4' }), device({ id: 'cpu', kind: 'cpu' })])
    expect(gpus).toHaveLength(builtInGpus.length)
    expect(gpus.filter(({ isLocal }) => isLocal).map(({ spec }) => spec.id)).toEqual(['t4'])
  })

  it('takes a GPU that the table does not list as the machine describes it', () => {
    const [here] = knownGpus([device({})])
    expect(here).toMatchObject({ isLocal: true, shortName: 'Stub T4 (no GPU)' })
    expect(here?.usableBytes).toBe(Math.floor(0.97 * 15 * GiB))
    expect(here && tableId(here)).toBeNull()
  })

  it('does not make up the memory of one that reports none', () => {
    expect(knownGpus([device({ memoryTotalBytes: null })])[0]?.usableBytes).toBeNull()
  })
})

describe('gpuColumns', () => {
  const gpus = knownGpus([device({ gpuId: 'rtx-2060' })])
  const ids = (gpuGroup: 'common' | 'amd' | 'all', gpu = 't4') =>
    gpuColumns(gpus, { gpuGroup, gpu }).map(({ spec }) => spec.id)

  it('shows this machine first, then from the smallest to the largest', () => {
    expect(ids('common')[0]).toBe('rtx-2060')
    const sizes = gpuColumns(gpus, { gpuGroup: 'common', gpu: 't4' })
      .slice(1)
      .map(({ usableBytes }) => usableBytes!)
    expect(sizes).toEqual(sizes.toSorted((a, b) => a - b))
  })

  it('always shows the chosen one', () => {
    expect(ids('amd')).toContain('t4')
    expect(ids('all')).toHaveLength(gpus.length)
  })
})

describe('chosenGpu', () => {
  it('takes this machine’s where the chosen one is of a machine that is gone', () => {
    const gpus = knownGpus([device({ gpuId: 't4' })])
    expect(chosenGpu(gpus, 'here-gpu-7').spec.id).toBe('t4')
    expect(chosenGpu(gpus, 'l4').spec.id).toBe('l4')
  })
})
