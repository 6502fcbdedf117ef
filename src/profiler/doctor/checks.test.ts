import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { cpuMachine, gpuMachine } from '../../../test/pageData'
import type { CudaSetupReport } from '../../protocol/cudaSetup'
import { parseNvidiaSmi } from '../detect/nvidiaSmi'
import { checkDataFolder, checkDisk, checkHistory } from './checkFolders'
import { checkCuda, checkCudnn, checkDriver } from './checkNvidia'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'headroom-doctor-'))
})
afterAll(() => rm(folder, { recursive: true }))

it('a data folder is made, and one that cannot be written is said', async () => {
  expect(checkDataFolder(join(folder, 'new'))).toMatchObject({ status: 'ok' })
  await writeFile(join(folder, 'file'), '')
  expect(checkDataFolder(join(folder, 'file'))).toMatchObject({
    status: 'failed',
    found: expect.stringMatching(/cannot be written \(E\w+\)/) as unknown,
    command: 'export HEADROOM_DATA="$HOME/headroom"',
  })
})

it('a disk with room is fine', () => {
  expect(checkDisk(folder, false)).toMatchObject({ status: 'ok', fix: null })
  expect(checkDisk(join(folder, 'nowhere'), false)).toMatchObject({ status: 'absent' })
})

it('a history that does not open, or whose records changed, is said', () => {
  const list = (intact: readonly boolean[]) => () => ({
    list: () => intact.map((isIntact) => ({ intact: isIntact })) as never,
  })
  expect(checkHistory(list([true, true]))).toMatchObject({ status: 'ok' })
  expect(checkHistory(list([true, false]))).toMatchObject({
    status: 'warning',
    found: '1 of 2 runs no longer have the checksum they were stored with',
  })
  const broken = () => {
    throw new Error('a newer Headroom wrote it\nmore')
  }
  expect(checkHistory(broken)).toMatchObject({
    status: 'failed',
    found: 'a newer Headroom wrote it',
  })
})

const silent = { gpus: [], migDevices: [], problem: null }
it.each([
  ['is missing', { ...silent, status: 'missing' }, 'absent', null],
  ['hangs', { ...silent, status: 'timedOut' }, 'failed', 'sudo dmesg | grep -i xid'],
  [
    'does not fit its library',
    {
      ...silent,
      status: 'failed',
      problem: 'Failed to initialize NVML: Driver/library version mismatch',
    },
    'failed',
    'sudo reboot',
  ],
  [
    'is not loaded',
    {
      ...silent,
      status: 'failed',
      problem: "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver.",
    },
    'failed',
    'sudo dmesg | grep -i nvrm',
  ],
] as const)('a driver that %s', (_what, report, status, command) => {
  expect(checkDriver(report)).toMatchObject({ status, command })
})

it('a driver that answers, with its version', () => {
  const gpus = parseNvidiaSmi(
    'index, name, driver_version\n0, Tesla T4, 580.65.06\n1, Tesla T4, 580.65.06\n',
  )
  expect(checkDriver({ status: 'ok', gpus, migDevices: [], problem: null })).toMatchObject({
    status: 'ok',
    found: 'NVIDIA driver 580.65.06, 2 GPUs',
  })
})

const setup: CudaSetupReport = {
  schema: 'headroom/setup/1',
  action: 'status',
  state: 'ready',
  folder: '/data/cuda',
  onnxruntimeVersion: '1.30.0',
  cudaMajor: 13,
  packages: [],
  wanted: ['nvidia-cublas~=13.0'],
  wheels: [],
  wheelBytes: null,
  reusable: [],
  bytes: 0,
  error: null,
}
it.each([
  ['ready', cpuMachine, 'ok', null],
  ['absent', cpuMachine, 'absent', null],
  ['absent', gpuMachine, 'ok', null],
  ['incomplete', cpuMachine, 'failed', 'headroom setup cuda'],
  ['otherVersion', cpuMachine, 'failed', 'headroom setup cuda'],
  ['damaged', cpuMachine, 'failed', 'headroom setup cuda'],
] as const)('a set-up that is %s', (state, machine, status, command) => {
  expect(checkCuda({ ...setup, state }, machine)).toMatchObject({ status, command })
})

it('cuDNN is found where the engine would search', async () => {
  const libraries = join(folder, 'lib')
  expect(await checkCudnn(libraries, { LD_LIBRARY_PATH: '' })).toMatchObject({
    status: 'warning',
    command: 'headroom setup cuda',
  })
  await mkdir(libraries)
  await writeFile(join(libraries, 'libcudnn.so.9'), '')
  expect(await checkCudnn(libraries, {})).toMatchObject({ status: 'ok' })
  expect(await checkCudnn('/nowhere', { LD_LIBRARY_PATH: `/x:${libraries}` })).toMatchObject({
    status: 'ok',
  })
})
