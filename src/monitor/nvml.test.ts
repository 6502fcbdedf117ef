import { writeFileSync } from 'node:fs'
import koffi from 'koffi'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { canCompile, compileStubNvml, type StubNvml } from '../../test/monitor/stubNvml'
import { noFastFigures } from '../core/monitor/figures'
import { MiB } from '../core/units'
import { openNvml } from './nvml'
import { nvmlCodes } from './nvmlError'
import {
  eventDataType,
  memoryType,
  memoryV2Type,
  memoryV2Version,
  processInfoType,
  utilizationType,
} from './nvmlTypes'

// ctypes.sizeof of the structures of nvidia-ml-py 13.615.71 (PyPI), which NVIDIA makes from nvml.h:
// c_nvmlMemory_t, c_nvmlMemory_v2_t, c_nvmlUtilization_t, c_nvmlProcessInfo_v2_t, c_nvmlEventData_t.
it('the structs have the sizes that NVIDIA’s own Python binding gives them', () => {
  expect(koffi.sizeof(memoryType)).toBe(24) // 3 × 8
  expect(koffi.sizeof(memoryV2Type)).toBe(40) // the version is padded to 8, then 4 × 8
  expect(koffi.sizeof(utilizationType)).toBe(8) // 2 × 4
  expect(koffi.sizeof(processInfoType)).toBe(24) // 4 padded to 8, 8, 4 + 4
  expect(koffi.sizeof(eventDataType)).toBe(32) // 3 × 8, 4 + 4
  expect(memoryV2Version).toBe(0x02000028) // nvmlMemory_v2
})

// NVML_ERROR_… of nvidia-ml-py 13.615.71.
it('the return codes are those of NVML', () => {
  expect(nvmlCodes).toEqual({
    success: 0,
    uninitialized: 1,
    notSupported: 3,
    noPermission: 4,
    insufficientSize: 7,
    driverNotLoaded: 9,
    timeout: 10,
    functionNotFound: 13,
    gpuIsLost: 15,
    resetRequired: 16,
    libRmVersionMismatch: 18,
    argumentVersionMismatch: 25,
    unknown: 999,
  })
})

it('without a driver the library is not there', () => {
  expect(() => openNvml('libno-such-nvml.so.1')).toThrow(/libno-such-nvml/)
})

// A stand-in that is compiled here: what is tested is our side of the calls, never a GPU.
describe.skipIf(!canCompile)('over a stand-in for NVML (needs gcc on Linux)', () => {
  let stub: StubNvml
  beforeAll(() => {
    stub = compileStubNvml()
    Object.assign(process.env, stub.environment)
  })
  afterEach(() => stub.reset())
  afterAll(() => {
    for (const name of Object.keys(stub.environment)) delete process.env[name]
    stub.remove()
  })

  function withNvml<T>(use: (nvml: ReturnType<typeof openNvml>) => T): T {
    const nvml = openNvml(stub.library)
    try {
      return use(nvml)
    } finally {
      nvml.close()
    }
  }

  it('lists the device and reads every fast figure in its unit', () => {
    withNvml(({ driverVersion, devices }) => {
      expect(driverVersion).toBe('580.00-stub')
      expect(devices).toMatchObject([{ id: 'gpu-0', name: 'Stub T4 (no GPU)' }])
      const totalBytes = 15_636_365_312 + 448 * MiB // visible to CUDA and the driver's own
      expect(devices[0]!.readFast()).toEqual({
        memoryTotalBytes: totalBytes,
        memoryReservedBytes: 448 * MiB,
        memoryFreeBytes: 15_636_365_312,
        memoryUsedBytes: 0,
        spillBytes: null,
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

  it('reads every slow figure in its unit', () => {
    withNvml(({ devices: [device] }) => {
      const { energyJoules, ...slow } = device!.readSlow()
      expect(energyJoules).toBeGreaterThan(0)
      expect(slow).toEqual({
        smClockMaxMHz: 1590,
        memoryClockMaxMHz: 5001,
        fanPercent: null, // a T4 has none
        pcieGeneration: 3,
        pcieGenerationMax: 3,
        pcieWidth: 16,
        pcieWidthMax: 16,
        pcieSentBytesPerSecond: 0,
        pcieReceivedBytesPerSecond: 0,
        migEnabled: null,
        xid: null,
        processes: [],
      })
    })
  })

  it('a GPU that is cut up is read whole and instance by instance', () => {
    process.env.CUDA_STUB_MIG = '2'
    stub.hold(process.pid, 3072 * MiB)
    try {
      withNvml(({ devices, gpuCount }) => {
        expect(gpuCount).toBe(1)
        expect(devices.map(({ id }) => id)).toEqual(['gpu-0', 'gpu-0-mig-0', 'gpu-0-mig-1'])
        const [whole, first, second] = devices
        expect(first).toMatchObject({
          name: 'Stub T4 (no GPU) MIG 3g', // 7 slices among two
          uuid: expect.stringMatching(/^MIG-/) as unknown,
        })
        expect(whole!.readFast()).toMatchObject({ gpuUtilizationPercent: 97 })
        // CUDA computes on the first: half of the memory, all of what is used.
        expect(first!.readFast()).toEqual({
          ...noFastFigures,
          memoryTotalBytes: 15_636_365_312 / 2,
          memoryReservedBytes: 0,
          memoryUsedBytes: 3072 * MiB,
          memoryFreeBytes: 15_636_365_312 / 2 - 3072 * MiB,
          clocksEventReasons: 4,
        })
        expect(second!.readFast()).toMatchObject({
          memoryUsedBytes: 0,
          gpuUtilizationPercent: null,
        })
        expect(first!.readSlow()).toMatchObject({
          migEnabled: true,
          fanPercent: null,
          processes: [{ pid: process.pid, usedBytes: 3072 * MiB }],
        })
        expect(second!.readSlow().processes).toEqual([])
      })
      process.env.CUDA_STUB_MIG = '0'
      withNvml(({ devices }) => expect(devices.map(({ id }) => id)).toEqual(['gpu-0']))
    } finally {
      delete process.env.CUDA_STUB_MIG
    }
  })

  it('a figure that is not reported is null, the others stay', () => {
    withNvml(({ devices: [device] }) => {
      writeFileSync(
        stub.faults,
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
      writeFileSync(stub.faults, 'nvmlDeviceGetMemoryInfo_v2=13')
      expect(device!.readFast()).toMatchObject({
        memoryReservedBytes: null,
        memoryUsedBytes: 448 * MiB, // the reserved bytes are among the used ones there
      })
    })
  })

  it('a driver before 535 tells the clocks by the older name', () => {
    withNvml(({ devices: [device] }) => {
      writeFileSync(stub.faults, 'nvmlDeviceGetCurrentClocksEventReasons=13')
      expect(device!.readFast().clocksEventReasons).toBe(1)
    })
  })

  it('a lost GPU is an error that says so', () => {
    withNvml(({ devices: [device] }) => {
      writeFileSync(stub.faults, 'nvmlDeviceGetMemoryInfo_v2=15')
      expect(() => device!.readFast()).toThrow('nvmlDeviceGetMemoryInfo_v2: GPU is lost (15)')
    })
  })

  it('a GPU that does not answer is told apart from one that is not there', () => {
    writeFileSync(stub.faults, 'nvmlDeviceGetHandleByIndex_v2=15')
    withNvml(({ devices, lost }) => {
      expect(devices).toEqual([])
      expect(lost.get(0)).toMatchObject({ code: 15, isFatal: true })
    })
  })

  it('a driver that is not loaded is an error at the start', () => {
    writeFileSync(stub.faults, 'nvmlInit_v2=9')
    expect(() => openNvml(stub.library)).toThrow('nvmlInit_v2: Driver Not Loaded (9)')
  })
})
