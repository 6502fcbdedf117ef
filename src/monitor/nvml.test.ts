import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import koffi from 'koffi'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { MiB } from '../core/units'
import { openNvml } from './nvml'
import { memoryType, memoryV2Type, memoryV2Version, utilizationType } from './nvmlTypes'

// nvml.h of CUDA 13, and nvidia-ml-py: nvmlMemory_v2 = 0x02000028.
it('the structs have the sizes of nvml.h', () => {
  expect(koffi.sizeof(memoryType)).toBe(3 * 8)
  expect(koffi.sizeof(memoryV2Type)).toBe(8 + 4 * 8) // the version is padded to 8
  expect(koffi.sizeof(utilizationType)).toBe(2 * 4)
  expect(memoryV2Version).toBe(0x02000028)
})

it('without a driver the library is not there', () => {
  expect(() => openNvml('libno-such-nvml.so.1')).toThrow(/libno-such-nvml/)
})

const hasCompiler = process.platform === 'linux' && spawnSync('gcc', ['--version']).status === 0

// A stand-in that is compiled here: what is tested is our side of the calls, never a GPU.
describe.skipIf(!hasCompiler)('over a stand-in for NVML (needs gcc on Linux)', () => {
  let folder: string
  let library: string
  let faults: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'headroom-nvml-'))
    library = join(folder, 'libnvidia-ml.so.1')
    faults = join(folder, 'faults')
    execFileSync('gcc', ['-shared', '-fPIC', '-w', '-o', library, 'test/cuda-stub/nvml_stub.c'])
    process.env.NVML_STUB_FAULT_FILE = faults
  })
  afterEach(() => rmSync(faults, { force: true }))
  afterAll(() => {
    delete process.env.NVML_STUB_FAULT_FILE
    rmSync(folder, { recursive: true })
  })

  function withNvml<T>(use: (nvml: ReturnType<typeof openNvml>) => T): T {
    const nvml = openNvml(library)
    try {
      return use(nvml)
    } finally {
      nvml.close()
    }
  }

  it('lists the device and reads every fast figure in its unit', () => {
    withNvml(({ driverVersion, devices }) => {
      expect(driverVersion).toBe('580.00-stub')
      expect(devices).toMatchObject([{ index: 0, name: 'Stub T4 (no GPU)' }])
      const totalBytes = 15_636_365_312 + 448 * MiB // visible to CUDA and the driver's own
      expect(devices[0]!.readFast()).toEqual({
        memoryTotalBytes: totalBytes,
        memoryReservedBytes: 448 * MiB,
        memoryFreeBytes: 15_636_365_312,
        memoryUsedBytes: 0,
        gpuUtilizationPercent: 0,
        memoryUtilizationPercent: 0,
        powerDrawWatts: 11.2, // 11 200 mW
        powerLimitWatts: 70,
        smClockMHz: 300,
        memoryClockMHz: 5001,
        temperatureCelsius: 41,
        clocksEventReasons: 1,
      })
    })
  })

  it('a figure that is not reported is null, the others stay', () => {
    withNvml(({ devices: [device] }) => {
      writeFileSync(
        faults,
        'nvmlDeviceGetPowerUsage=3,nvmlDeviceGetUtilizationRates=999,nvmlDeviceGetTemperature=4',
      )
      expect(device!.readFast()).toMatchObject({
        powerDrawWatts: null,
        gpuUtilizationPercent: null,
        temperatureCelsius: null,
        smClockMHz: 300,
      })
    })
  })

  it('a driver without the second memory struct answers by the first', () => {
    withNvml(({ devices: [device] }) => {
      writeFileSync(faults, 'nvmlDeviceGetMemoryInfo_v2=13')
      expect(device!.readFast()).toMatchObject({
        memoryReservedBytes: null,
        memoryUsedBytes: 448 * MiB, // the reserved bytes are among the used ones there
      })
    })
  })

  it('a driver before 535 tells the clocks by the older name', () => {
    withNvml(({ devices: [device] }) => {
      writeFileSync(faults, 'nvmlDeviceGetCurrentClocksEventReasons=13')
      expect(device!.readFast().clocksEventReasons).toBe(1)
    })
  })

  it('a lost GPU is an error that says so', () => {
    withNvml(({ devices: [device] }) => {
      writeFileSync(faults, 'nvmlDeviceGetMemoryInfo_v2=15')
      expect(() => device!.readFast()).toThrow('nvmlDeviceGetMemoryInfo_v2: GPU is lost (15)')
    })
  })

  it('a GPU that does not answer is told apart from one that is not there', () => {
    writeFileSync(faults, 'nvmlDeviceGetHandleByIndex_v2=15')
    withNvml(({ devices, lost }) => {
      expect(devices).toEqual([])
      expect(lost.get(0)).toMatchObject({ code: 15, isFatal: true })
    })
  })

  it('a driver that is not loaded is an error at the start', () => {
    writeFileSync(faults, 'nvmlInit_v2=9')
    expect(() => openNvml(library)).toThrow('nvmlInit_v2: Driver Not Loaded (9)')
  })
})
