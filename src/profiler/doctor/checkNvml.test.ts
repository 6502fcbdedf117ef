import { expect, it } from 'vitest'
import type { NvmlReport } from '../../core/doctor/nvmlReport'
import { checkNvml, type KernelView } from './checkNvml'

const report: NvmlReport = {
  isLoaded: true,
  libraryVersion: '580.95.05',
  nvmlVersion: '13.580.95.05',
  driverVersion: '580.95.05',
  gpuCount: 1,
  faults: [],
  error: null,
  errorCode: null,
}
const unstarted = { nvmlVersion: null, driverVersion: null, gpuCount: null }
const kernel: KernelView = {
  hasGpu: true,
  kernelDriver: '580.95.05',
  deviceFiles: 'usable',
  inContainer: false,
}
const answered = (changes: Partial<NvmlReport>) =>
  ({ status: 'answered', report: { ...report, ...changes } }) as const
const missing = answered({ ...unstarted, isLoaded: false, libraryVersion: null, error: 'no file' })

it('is content where it starts and every GPU answers', () => {
  expect(checkNvml(answered({ gpuCount: 8 }), kernel)).toMatchObject({
    status: 'ok',
    found: 'NVML 13.580.95.05, driver 580.95.05, 8 GPUs answer',
  })
})

it.each([
  ['no GPU and no driver', { ...kernel, hasGpu: false, kernelDriver: null }, 'absent', /no NVIDIA/],
  ['a container without it', { ...kernel, inContainer: true }, 'failed', /the host has an NVIDIA/],
  ['a GPU without a driver', { ...kernel, kernelDriver: null }, 'failed', /no driver of NVIDIA's/],
  ['a driver without its libraries', kernel, 'failed', /the kernel has driver 580\.95\.05/],
  ['another system than Linux', null, 'absent', /no NVIDIA driver/],
] as const)('a library that is not there: %s', (_what, view, status, found) => {
  expect(checkNvml(missing, view)).toMatchObject({
    status,
    found: expect.stringMatching(found) as unknown,
  })
})

it('a library of another driver than the kernel has is named with both versions', () => {
  const answer = answered({
    ...unstarted,
    error: 'nvmlInit_v2: RM detected a driver/library version mismatch. (18)',
    errorCode: 18,
  })
  expect(checkNvml(answer, { ...kernel, kernelDriver: '575.57.08' })).toMatchObject({
    status: 'failed',
    found: 'NVML does not start: the library is of driver 580.95.05, the kernel has 575.57.08',
    command: 'sudo reboot',
  })
  expect(checkNvml(answered({}), { ...kernel, kernelDriver: '575.57.08' })).toMatchObject({
    status: 'warning',
    found: 'NVML 13.580.95.05 of driver 580.95.05, but the kernel has 575.57.08',
  })
})

it.each([
  [answered({ ...unstarted, error: 'nvmlInit_v2: Driver Not Loaded (9)', errorCode: 9 }), /Loaded/],
  [answered({ faults: ['GPU 3: GPU is lost (15)'], gpuCount: 8 }), /^GPU 3: GPU is lost/],
  [answered({ gpuCount: 0 }), /sees no GPU/],
  [{ status: 'hung' }, /does not answer/],
  [{ status: 'ended', reason: 'it ended by SIGSEGV' }, /took its process with it: .*SIGSEGV/],
] as const)('what fails is a failure with a command: %j', (answer, found) => {
  expect(checkNvml(answer, kernel)).toMatchObject({
    status: 'failed',
    found: expect.stringMatching(found) as unknown,
    command: expect.stringMatching(/dmesg/) as unknown,
  })
})

it('a user who may not open the device files is told so', () => {
  const answer = answered({ ...unstarted, error: 'Insufficient Permissions (4)', errorCode: 4 })
  expect(checkNvml(answer, { ...kernel, deviceFiles: 'denied' }).found).toContain('/dev/nvidia*')
})
