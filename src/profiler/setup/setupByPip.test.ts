import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { runtime, wheels } from '../../../test/cudaWheels'
import { type PackageIndex, startPackageIndex } from '../../../test/packageIndex'
import { type TestWheel, wheelFileName, writeWheel } from '../../../test/wheelFile'
import type { CudaSetupReport } from '../../protocol/cudaSetup'
import { cudaFolder, type CudaFolder } from './cudaFolder'
import { setupCuda } from './setupCuda'
import type { CudaSetupOptions } from './setupOptions'

const pip = spawnSync('python3', ['-m', 'pip', '--version'], { encoding: 'utf8' })

// Python's pip against an index of made-up wheels on this machine: no network is used.
describe.skipIf(pip.status !== 0)('setting up CUDA by pip (needs python3 with pip)', () => {
  let home: string
  let folder: CudaFolder
  let index: PackageIndex
  let environment: NodeJS.ProcessEnv
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'headroom-setup-'))
    folder = cudaFolder(join(home, 'data'))
    index = await startPackageIndex(wheels.slice(0, 4))
    environment = {
      PATH: process.env.PATH,
      HOME: home,
      PIP_CONFIG_FILE: '/dev/null',
      PIP_INDEX_URL: index.url,
      PIP_RETRIES: '1',
      PIP_TIMEOUT: '5',
    }
  })
  afterEach(async () => {
    await index.close()
    await rm(home, { recursive: true, force: true })
  })

  const byPip = (changes: Partial<CudaSetupOptions> = {}) =>
    setupCuda({
      folder,
      runtime,
      from: null,
      withCudnn: false,
      reuse: false,
      platform: { platform: 'linux', architecture: 'x64' },
      environment,
      signal: new AbortController().signal,
      onEvent: () => {},
      ...changes,
    })

  async function fromFolder(list: readonly TestWheel[]): Promise<CudaSetupReport> {
    const from = join(home, 'wheels')
    await mkdir(from)
    for (const wheel of list) await writeWheel(from, wheel)
    return byPip({ from })
  }

  it('fetches the provider first, then what it asks for', { timeout: 60_000 }, async () => {
    const report = await byPip()
    expect(report.error).toBeNull()
    expect(report).toMatchObject({ state: 'ready', cudaMajor: 13 })
    expect(index.served).toEqual(wheels.slice(0, 4).map(wheelFileName))
    expect(existsSync(folder.downloads)).toBe(false)
  })

  /** All but the last came by a folder before. */
  async function haveAllButLast(): Promise<void> {
    expect((await fromFolder(wheels.slice(0, 3))).packages).toHaveLength(3)
  }

  it.each(['cut', 'wrongChecksum'] as const)(
    'says that a download is not whole (%s), and fetches it again the next time',
    { timeout: 60_000 },
    async (mischief) => {
      await haveAllButLast()
      index.mischief.set('nvidia-cuda-runtime', mischief)
      const report = await byPip()
      // An older pip does not notice the cut itself, only that the checksum is another.
      expect(['CUT', 'CHECKSUM']).toContain(report.error?.code)
      expect(report.error?.message).toMatch(/cut off/)
      expect(report.state).toBe('incomplete')
      index.mischief.clear()
      expect((await byPip()).state).toBe('ready')
      expect(index.served).toHaveLength(2)
    },
  )

  it('says that the index cannot be reached', { timeout: 60_000 }, async () => {
    await haveAllButLast()
    const { error } = await byPip({
      environment: { ...environment, PIP_INDEX_URL: 'http://127.0.0.1:9/simple/' },
    })
    expect(error).toMatchObject({ code: 'NO_NETWORK' })
    expect(error?.message).toContain('--from')
  })

  it('says what the index does not have', { timeout: 60_000 }, async () => {
    await fromFolder(wheels.slice(0, 4))
    const { error } = await byPip({ withCudnn: true })
    expect(error).toMatchObject({ code: 'NOT_FOUND' })
    expect(error?.message).toContain('has no nvidia-cuda-nvrtc~=13.0')
  })

  it('ends pip when cancelled', { timeout: 60_000 }, async () => {
    index.mischief.set('onnxruntime-gpu', 'hang')
    const cancel = new AbortController()
    const going = byPip({ signal: cancel.signal })
    await expect.poll(() => index.served.length, { timeout: 30_000 }).toBe(1)
    cancel.abort()
    expect((await going).error).toMatchObject({ code: 'CANCELLED' })
    expect(existsSync(folder.root)).toBe(false)
  })

  it('says that there is no Python', async () => {
    const { error } = await byPip({ environment: { PATH: '/nowhere' } })
    expect(error).toMatchObject({ code: 'NO_PYTHON' })
    expect(error?.message).toContain('apt-get install python3-pip')
  })
})
