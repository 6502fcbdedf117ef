import { describe, expect, it } from 'vitest'
import { cpuMachine, gpuDevice, gpuMachine } from '../../../../test/pageData'
import { devicesVerdict } from './devicesVerdict'

describe('devicesVerdict', () => {
  it('names a GPU that a provider computes on', () => {
    expect(devicesVerdict(gpuMachine)).toMatchObject({
      type: 'gpu',
      gpus: [{ id: 'gpu-0' }],
      provider: 'cuda',
    })
  })

  it('says which piece keeps a GPU from being used', () => {
    const report = { ...cpuMachine, devices: [gpuDevice, ...cpuMachine.devices] }
    expect(devicesVerdict(report)).toMatchObject({
      type: 'gpuUnusable',
      gpu: { name: 'Tesla T4' },
      provider: { name: 'cuda', reason: 'no NVIDIA GPU was found' },
    })
  })

  it('takes the CPU as the device where there is no GPU', () => {
    expect(devicesVerdict(cpuMachine)).toMatchObject({ type: 'cpu', cpu: { id: 'cpu' } })
  })

  it('says so where nothing can compute', () => {
    const executionProviders = cpuMachine.executionProviders.map((provider) => ({
      ...provider,
      usable: false,
    }))
    expect(devicesVerdict({ ...cpuMachine, executionProviders })).toEqual({ type: 'nothing' })
  })
})
