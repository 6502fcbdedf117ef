import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { totalmem, tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { builtInGpus } from '../../core/builtInGpus'
import { GiB, MiB } from '../../core/units'
import { readAmdMemory } from './amdMemory'
import { listDevices } from './listDevices'
import type { NvidiaGpu, NvidiaReport } from './nvidiaSmi'
import { describeController, mayCompute } from './systemGpus'
import { cpuDevice } from './thisHost'

const none: NvidiaReport = { status: 'missing', gpus: [], migDevices: [], problem: null }
const t4: NvidiaGpu = {
  index: 0,
  uuid: 'GPU-1',
  name: 'Tesla T4',
  memoryTotalBytes: 15_360 * MiB,
  memoryFreeBytes: 15_000 * MiB,
  driverVersion: '550.54.15',
  computeCapability: '7.5',
  powerLimitWatts: 70,
  migEnabled: false,
}
const cpu = cpuDevice()

describe('the devices of a machine', () => {
  it('are the CPU alone where there is no GPU', () => {
    expect(listDevices(none, [], cpu, builtInGpus)).toEqual([cpu])
    expect(cpu.memoryTotalBytes).toBe(totalmem())
  })

  it('know their row of the GPU table, and end with the CPU', async () => {
    const lspci = await describeController(
      { vendor: 'NVIDIA Corporation', model: 'TU104GL [Tesla T4]' },
      'linux',
    )
    const devices = listDevices({ ...none, gpus: [t4] }, [lspci], cpu, builtInGpus)
    expect(devices).toMatchObject([
      { id: 'gpu-0', gpuId: 't4', memoryTotalBytes: 15_360 * MiB, source: 'nvidia-smi' },
      { id: 'cpu' },
    ])
  })

  it('are the instances of a GPU that is cut up, with their own memory', () => {
    const a100 = {
      ...t4,
      index: 1,
      name: 'NVIDIA A100-SXM4-40GB',
      memoryTotalBytes: 40_960 * MiB,
      migEnabled: true,
    }
    const instance = {
      gpuIndex: 1,
      index: 0,
      profile: '3g.20gb',
      memoryTotalBytes: 20_096 * MiB,
      memoryFreeBytes: null,
    }
    const report = { ...none, gpus: [t4, a100], migDevices: [instance] }
    expect(listDevices(report, [], cpu, builtInGpus)).toMatchObject([
      { id: 'gpu-0' },
      {
        id: 'gpu-1-mig-0',
        name: 'NVIDIA A100-SXM4-40GB MIG 3g.20gb',
        memoryTotalBytes: 20_096 * MiB,
        gpuId: null,
      },
      { id: 'cpu' },
    ])
  })

  it('name an NVIDIA GPU without its driver, and leave its memory unknown', async () => {
    const controller = {
      vendor: 'NVIDIA Corporation',
      model: 'GA102 [GeForce RTX 3090]',
      vram: 256,
    }
    const gpu = await describeController(controller, 'linux')
    expect(listDevices(none, [gpu], cpu, builtInGpus)[0]).toMatchObject({
      id: 'gpu-0',
      name: 'GeForce RTX 3090',
      vendor: 'NVIDIA',
      memoryTotalBytes: null, // 256 MiB is the window through which the host sees it
      gpuId: 'rtx-3090',
      source: 'systeminformation',
    })
  })
})

describe('graphics controllers', () => {
  it.each(['ASPEED Graphics Family', 'Microsoft Basic Display Adapter', 'VMware SVGA II'])(
    '%s computes nothing',
    (model) => expect(mayCompute({ vendor: '', model })).toBe(false),
  )

  it('on Windows report their memory', async () => {
    const radeon = {
      vendor: 'Advanced Micro Devices, Inc.',
      model: 'AMD Radeon RX 7900 XTX',
      vram: 24_560,
    }
    expect(await describeController(radeon, 'win32')).toMatchObject({
      vendor: 'AMD',
      memoryTotalBytes: 24_560 * MiB,
      unifiedMemory: false,
    })
  })

  it('share the memory of an Apple machine', async () => {
    expect(
      await describeController({ vendor: 'Apple', model: 'Apple M3' }, 'darwin'),
    ).toMatchObject({
      name: 'Apple M3',
      memoryTotalBytes: totalmem(),
      unifiedMemory: true,
    })
  })
})

describe.skipIf(process.platform === 'win32')('the memory of an AMD GPU', () => {
  it('is what its driver says at its PCI address', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'headroom-drm-'))
    try {
      const device = join(folder, '0000:03:00.0')
      await mkdir(device)
      await writeFile(join(device, 'mem_info_vram_total'), `${16 * GiB}\n`)
      await writeFile(join(device, 'mem_info_vram_used'), `${GiB}\n`)
      await mkdir(join(folder, 'card0'))
      await symlink(device, join(folder, 'card0', 'device'))
      await mkdir(join(folder, 'card0-DP-1'))
      expect(await readAmdMemory('03:00.0', folder)).toEqual({
        totalBytes: 16 * GiB,
        freeBytes: 15 * GiB,
      })
      expect(await readAmdMemory('04:00.0', folder)).toBeNull()
      expect(await readAmdMemory('03:00.0', join(folder, 'none'))).toBeNull()
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})
