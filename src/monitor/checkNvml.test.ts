import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { bundleEntry } from '../../test/bundleEntry'
import { canCompile, compileStubNvml, type StubNvml } from '../../test/monitor/stubNvml'
import { askNvml } from '../profiler/doctor/askNvml'
import { engineEnvironment, launchWithNode } from '../profiler/engineProcess'
import { checkNvml, versionInMaps } from './checkNvml'

it('without a driver the library is not there', () => {
  expect(checkNvml('libno-such-nvml.so.1')).toMatchObject({
    isLoaded: false,
    gpuCount: null,
    error: expect.stringContaining('libno-such-nvml') as unknown,
  })
})

it('the driver of the library is in the name of its file', () => {
  const line = '7f00 r-xp 0000 08:01 1 /usr/lib/x86_64-linux-gnu/libnvidia-ml.so.580.95.05\n'
  expect(versionInMaps(line)).toBe('580.95.05')
  expect(versionInMaps(line.replace('.580.95.05', '.1'))).toBeNull()
})

// A stand-in that is compiled here: what is tested is our side of the calls, never a GPU.
describe.skipIf(!canCompile)('over a stand-in for NVML (needs gcc on Linux)', () => {
  let stub: StubNvml
  let entry: string
  beforeAll(async () => {
    stub = compileStubNvml()
    entry = await bundleEntry('src/monitor/index.ts')
  }, 60_000)
  afterEach(() => stub.reset())
  afterAll(() => stub.remove())

  const ask = (more: Readonly<Record<string, string>>, waitMs?: number) =>
    askNvml(
      () => launchWithNode(entry, engineEnvironment(process.env, { ...stub.environment, ...more })),
      waitMs,
    )

  it.each([0, 1, 8])('tells its versions and of %i GPUs', async (count) => {
    expect(await ask({ CUDA_STUB_DEVICES: String(count) })).toEqual({
      status: 'answered',
      report: {
        isLoaded: true,
        libraryVersion: null,
        nvmlVersion: '13.580.00-stub',
        driverVersion: '580.00-stub',
        gpuCount: count,
        faults: [],
        error: null,
        errorCode: null,
      },
    })
  })

  it('says why it does not start, and which GPU is lost', async () => {
    expect(await ask({ NVML_STUB_FAIL: 'nvmlInit_v2=18' })).toMatchObject({
      report: { isLoaded: true, gpuCount: null, errorCode: 18 },
    })
    const lost = { NVML_STUB_FAIL: 'nvmlDeviceGetHandleByIndex_v2@1=15', CUDA_STUB_DEVICES: '2' }
    expect(await ask(lost)).toMatchObject({
      report: { gpuCount: 2, faults: [expect.stringMatching(/^GPU 1: .*GPU is lost/)] },
    })
  })

  it('one that hangs is given up', async () => {
    expect(await ask({ NVML_STUB_HANG_MS: '60000' }, 1500)).toEqual({ status: 'hung' })
  })
})
