import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  cublas,
  library,
  nvidiaWheel,
  providerWheel,
  runtime,
  wheels,
} from '../../../test/cudaWheels'
import { elfLibrary } from '../../../test/elfLibrary'
import { type TestWheel, wheelFileName, writeWheel, zipBytes } from '../../../test/wheelFile'
import type { CudaSetupEvent } from '../../protocol/cudaSetup'
import { cudaFolder, type CudaFolder, providerFolder } from './cudaFolder'
import { describeSetup } from './describeSetup'
import { setupCuda, undoCudaSetup } from './setupCuda'
import { readManifest } from './setupManifest'
import type { CudaSetupOptions } from './setupOptions'

let home: string
let folder: CudaFolder
let from: string
let events: CudaSetupEvent[]
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'headroom-setup-'))
  folder = cudaFolder(join(home, 'data'))
  from = join(home, 'wheels')
  events = []
  await mkdir(from)
})
afterEach(() => rm(home, { recursive: true, force: true }))

function setUp(changes: Partial<CudaSetupOptions> = {}) {
  return setupCuda({
    folder,
    runtime,
    from,
    withCudnn: true,
    reuse: false,
    platform: { platform: 'linux', architecture: 'x64' },
    environment: process.env,
    signal: new AbortController().signal,
    onEvent: (event) => void events.push(event),
    ...changes,
  })
}

async function writeWheels(list: readonly TestWheel[] = wheels): Promise<void> {
  for (const wheel of list) await writeWheel(from, wheel)
}

describe('libraries that this machine has already', () => {
  const machine = () => join(home, 'cuda-13/lib64')
  const withLibraries = async (names: readonly string[]) => {
    await mkdir(machine(), { recursive: true })
    for (const name of names) await writeFile(join(machine(), name), elfLibrary([]))
    return { reuse: true, environment: { ...process.env, LD_LIBRARY_PATH: machine() } }
  }

  it('are linked to, and their wheels are not asked for', async () => {
    const changes = await withLibraries(['libcublas.so.13', 'libcublasLt.so.13'])
    await writeWheels(wheels.filter(({ name }) => name !== 'nvidia-cublas'))
    const dry = await describeSetup({ folder, runtime, withCudnn: true, ...changes }, 'dryRun')
    expect(dry.reusable).toEqual([{ requirement: 'nvidia-cublas~=13.0', folder: machine() }])
    expect(dry.wanted).not.toContain('nvidia-cublas~=13.0')
    const report = await setUp(changes)
    expect(report).toMatchObject({ state: 'ready', error: null, wanted: [], reusable: [] })
    expect(report.packages.find(({ reusedFrom }) => reusedFrom !== null)).toMatchObject({
      requirement: 'nvidia-cublas~=13.0',
      fileName: null,
      reusedFrom: machine(),
      files: [{ name: 'libcublasLt.so.13' }, { name: 'libcublas.so.13' }],
    })
    expect(await readFile(join(folder.libraries, 'libcublas.so.13'))).toEqual(elfLibrary([]))
    // The machine's own may go: then the set-up is no longer whole, and says so.
    await rm(machine(), { recursive: true })
    expect((await describeSetup({ folder, runtime, withCudnn: true }, 'status')).state).toBe(
      'damaged',
    )
  })

  it('are left alone by undoing it', async () => {
    const changes = await withLibraries(['libcublas.so.13', 'libcublasLt.so.13'])
    await writeWheels()
    await setUp(changes)
    await undoCudaSetup({ folder, runtime, withCudnn: true })
    expect(await readdir(machine())).toHaveLength(2)
  })

  it('are fetched where one is missing or is none for this processor', async () => {
    const changes = await withLibraries(['libcublas.so.13'])
    await writeFile(join(machine(), 'libcurand.so.10'), elfLibrary([], 183)) // AArch64
    await writeWheels()
    const report = await setUp(changes)
    expect(report.state).toBe('ready')
    expect(report.packages.map(({ reusedFrom }) => reusedFrom)).toEqual(wheels.map(() => null))
  })
})

describe('setting up CUDA from a folder', () => {
  it('unpacks the provider beside its ONNX Runtime and the libraries it asks for, nothing else', async () => {
    await writeWheels()
    const report = await setUp()
    expect(report).toMatchObject({ state: 'ready', cudaMajor: 13, error: null, wanted: [] })
    expect((await readdir(folder.libraries)).toSorted()).toEqual([
      'libcublas.so.13',
      'libcublasLt.so.13',
      'libcudart.so.13',
      'libcudnn.so.9',
      'libcudnn_graph.so.9',
      'libcurand.so.10',
      'libnvrtc-builtins.so.13.0',
      'libnvrtc.so.13',
    ])
    const beside = await readdir(providerFolder(folder))
    expect(beside).toContain('libonnxruntime_providers_cuda.so')
    expect(beside).toContain('onnxruntime_binding.node')
    expect(beside).not.toContain('libonnxruntime_providers_tensorrt.so')
    expect(existsSync(folder.downloads)).toBe(false)
    expect(existsSync(folder.lock)).toBe(false)
    expect(await readdir(from)).toHaveLength(wheels.length) // the user's own stay
  })

  it('does nothing twice', async () => {
    await writeWheels()
    await setUp()
    events = []
    expect((await setUp()).state).toBe('ready')
    const packages = events.filter((event) => event.type === 'package')
    expect(packages.map(({ isNew }) => isNew)).toEqual(wheels.map(() => false))
  })

  it('goes on where it broke off', async () => {
    await writeWheels(wheels.slice(0, 2))
    const first = await setUp()
    expect(first).toMatchObject({ state: 'incomplete', error: { code: 'NOT_FOUND' } })
    expect(first.error?.message).toContain('has no wheel of nvidia-curand~=10.0')
    expect(first.wanted).toEqual([
      'nvidia-curand~=10.0',
      'nvidia-cuda-runtime~=13.0',
      'nvidia-cuda-nvrtc~=13.0',
      'nvidia-cudnn-cu13~=9.0',
    ])
    await writeWheels()
    events = []
    expect((await setUp()).state).toBe('ready')
    const fetched = events.filter((event) => event.type === 'package' && event.isNew)
    expect(fetched).toHaveLength(4)
  })

  it('repairs a file that was lost or cut', async () => {
    await writeWheels()
    await setUp()
    await truncate(join(folder.libraries, 'libcublas.so.13'), 3)
    const options = { folder, runtime, withCudnn: true }
    expect(await describeSetup(options, 'status')).toMatchObject({
      state: 'damaged',
      wanted: ['nvidia-cublas~=13.0'],
    })
    expect((await setUp()).state).toBe('ready')
    expect(await readFile(join(folder.libraries, 'libcublas.so.13'))).toEqual(
      library('libcublas.so.13'),
    )
  })

  it('leaves cuDNN out where it is not wanted', async () => {
    await writeWheels(wheels.slice(0, 4))
    expect(await setUp({ withCudnn: false })).toMatchObject({ state: 'ready', wanted: [] })
  })

  it('begins anew for another ONNX Runtime', async () => {
    await writeWheels()
    await setUp()
    const other = { ...runtime, version: '9.9.9' }
    expect((await describeSetup({ folder, runtime: other, withCudnn: true }, 'status')).state).toBe(
      'otherVersion',
    )
    expect((await setUp({ runtime: other })).error?.message).toContain(
      `onnxruntime_gpu-${runtime.version}-`,
    )
  })

  it('takes the newest of several', async () => {
    await writeWheels()
    await writeWheel(from, nvidiaWheel('nvidia-curand', '10.10.0.1', ['libcurand.so.10']))
    await writeWheel(from, nvidiaWheel('nvidia-curand', '9.0.0', ['libcurand.so.9']))
    await setUp()
    const { packages } = (await readManifest(folder))!
    expect(packages.find(({ requirement }) => /curand/.test(requirement))?.fileName).toContain(
      '10.10.0.1',
    )
  })

  it.each([
    [
      'a wheel for another system',
      { ...cublas, tag: 'py3-none-win_amd64' },
      'WRONG_PLATFORM',
      /win_amd64.whl is not for Linux on x86-64/,
    ],
    [
      'a library that is not the one its maker put in',
      { ...cublas, wrongChecksums: ['nvidia/cu13/lib/libcublasLt.so.13'] },
      'CHECKSUM',
      /libcublasLt.so.13 in .* does not have the checksum/,
    ],
    ['a wheel without libraries', { ...cublas, files: {} }, 'NOT_FOUND', /holds no library/],
  ] as const)('refuses %s', async (_what, wheel, code, message) => {
    await writeWheels([...wheels.filter((other) => other !== cublas), wheel])
    const report = await setUp()
    expect(report).toMatchObject({ state: 'incomplete', error: { code } })
    expect(report.error?.message).toMatch(message)
    expect(await readdir(folder.libraries)).not.toContain('libcublasLt.so.13')
    expect((await readdir(folder.libraries)).filter((name) => name.endsWith('.part'))).toEqual([])
  })

  it('says that a wheel is cut short', async () => {
    await writeWheels()
    await truncate(join(from, wheelFileName(cublas)), 200)
    expect((await setUp()).error).toMatchObject({ code: 'CUT' })
  })

  it('writes nowhere but into its folder, whatever the names in a wheel say', async () => {
    await writeWheels()
    const escape = join(home, 'escape')
    for (const path of ['../../../libcublas.so.13', join(escape, 'libcublas.so.13')]) {
      const bytes = zipBytes({ [path]: library('hostile'), 'a.dist-info/RECORD': Buffer.from('') })
      await writeFile(join(from, wheelFileName(cublas)), bytes)
      expect((await setUp()).error?.code).toBe('CUT')
    }
    expect(existsSync(join(home, 'libcublas.so.13'))).toBe(false)
    expect(existsSync(escape)).toBe(false)
    expect(await readdir(folder.libraries)).toEqual([])
  })

  it('is one at a time', async () => {
    await writeWheels()
    await mkdir(folder.root, { recursive: true })
    await writeFile(folder.lock, String(process.ppid))
    expect((await setUp()).error).toMatchObject({ code: 'BUSY' })
    await writeFile(folder.lock, '2147483646') // nobody's
    expect((await setUp()).error).toBeNull()
  })

  it('stops where it is when cancelled, and keeps what is complete', async () => {
    await writeWheels()
    const cancel = new AbortController()
    const report = await setUp({
      signal: cancel.signal,
      onEvent: (event) => {
        if (event.type === 'package') cancel.abort()
      },
    })
    expect(report).toMatchObject({ state: 'incomplete', error: { code: 'CANCELLED' } })
    expect(report.packages).toHaveLength(1)
    expect((await setUp()).state).toBe('ready')
  })

  it('is refused where ONNX Runtime has no CUDA', async () => {
    const platform = { platform: 'win32', architecture: 'x64' } as const
    const { error } = await setUp({ platform })
    expect(error).toMatchObject({ code: 'UNSUPPORTED' })
    expect(error?.message).toContain('take the dml provider')
  })

  it('can be undone', async () => {
    await writeWheels()
    const { bytes } = await setUp()
    const report = await undoCudaSetup({ folder, runtime, withCudnn: true })
    expect(report).toMatchObject({ state: 'absent', bytes, error: null })
    expect(existsSync(folder.root)).toBe(false)
    expect((await undoCudaSetup({ folder, runtime, withCudnn: true })).bytes).toBe(0)
  })

  it('says which folder cannot be listed', async () => {
    const { error } = await setUp({ from: join(home, 'nowhere') })
    expect(error?.message).toContain('nowhere cannot be listed (ENOENT)')
  })
})

describe('a set-up that comes to nothing', () => {
  const file = wheelFileName(providerWheel)
  const provider = 'onnxruntime/capi/libonnxruntime_providers_cuda.so'

  it.each<[string, string, () => Promise<string | void>]>([
    ['is given no folder', 'NOT_FOUND', () => Promise.resolve(join(home, 'nowhere'))],
    [
      'is given a file',
      'NOT_FOUND',
      async () => {
        await writeWheels()
        return join(from, file)
      },
    ],
    ['finds no provider', 'NOT_FOUND', () => writeWheels(wheels.slice(1))],
    [
      'finds one for another system',
      'WRONG_PLATFORM',
      () => writeWheels([{ ...providerWheel, tag: 'cp312-cp312-win_amd64' }]),
    ],
    [
      'finds one without libraries',
      'NOT_FOUND',
      () => writeWheels([{ ...providerWheel, files: {} }]),
    ],
    [
      'finds one with a wrong checksum',
      'CHECKSUM',
      () => writeWheels([{ ...providerWheel, wrongChecksums: [provider] }]),
    ],
    [
      'finds one that is cut short',
      'CUT',
      async () => {
        await writeWheels()
        await truncate(join(from, file), 200)
      },
    ],
  ])('leaves nothing where it %s', async (_why, code, prepare) => {
    const changes = { from: (await prepare()) ?? from }
    expect(await setUp(changes)).toMatchObject({ state: 'absent', bytes: 0, error: { code } })
    expect(existsSync(folder.root)).toBe(false)
  })

  it('leaves what was set up for another ONNX Runtime as it was', async () => {
    await writeWheels()
    await setUp()
    const other = { ...runtime, version: '9.9.9' }
    expect((await setUp({ runtime: other })).state).toBe('otherVersion')
    expect((await describeSetup({ folder, runtime, withCudnn: true }, 'status')).state).toBe(
      'ready',
    )
  })
})

const canMount = process.platform === 'linux' && process.getuid?.() === 0

describe('on a small disk (needs root on Linux, for a tmpfs)', () => {
  it('says how much is missing, and goes on once there is room', async (context) => {
    const root = join(home, 'data')
    await mkdir(root)
    const size = ['-o', 'size=1m']
    const mounted =
      canMount && spawnSync('mount', ['-t', 'tmpfs', ...size, 'tmpfs', root]).status === 0
    context.skip(!mounted, 'a file system cannot be mounted here')
    try {
      const large = new Uint8Array(2 * 1024 * 1024)
      const file = 'onnxruntime/capi/libonnxruntime_providers_shared.so'
      const wheel = { ...providerWheel, files: { ...providerWheel.files, [file]: large } }
      await writeWheels([...wheels.slice(1), wheel])
      const { error } = await setUp()
      expect(error).toMatchObject({ code: 'DISK_FULL' })
      // The native library of ONNX Runtime, copied across file systems, is the first that does not fit.
      expect(error?.message).toContain(`the disk of ${folder.root} is full`)
      expect(existsSync(folder.root)).toBe(false)
      expect(spawnSync('mount', ['-o', 'remount,size=200m', root]).status).toBe(0)
      expect((await setUp()).state).toBe('ready')
    } finally {
      spawnSync('umount', [root])
    }
  })
})
