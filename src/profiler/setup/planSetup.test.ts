import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { runtime, wheels } from '../../../test/cudaWheels'
import { type IndexPages, type PackageIndex, startPackageIndex } from '../../../test/packageIndex'
import { wheelBytes, wheelFileName, writeWheel } from '../../../test/wheelFile'
import { cudaFolder, type CudaFolder } from './cudaFolder'
import { planSetup } from './planSetup'

let home: string
let folder: CudaFolder
let index: PackageIndex | null = null
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'headroom-plan-'))
  folder = cudaFolder(join(home, 'data'))
})
afterEach(async () => {
  await index?.close()
  index = null
  await rm(home, { recursive: true, force: true })
})

const sizes = wheels.map((wheel) => wheelBytes(wheel).length)
const total = sizes.reduce((sum, bytes) => sum + bytes, 0)
const options = { runtime, withCudnn: true, reuse: false }

describe('what a set-up from a folder would take', () => {
  it('is told with the size of each wheel and the sum', async () => {
    const from = join(home, 'wheels')
    await mkdir(from)
    for (const wheel of wheels) await writeWheel(from, wheel)
    const plan = await planSetup({ ...options, folder, from })
    expect(plan).toMatchObject({ action: 'dryRun', wheelBytes: total, error: null })
    expect(plan.wheels.map(({ bytes }) => bytes)).toEqual(sizes)
  })

  it('is unknown where a wheel is missing, and that is said', async () => {
    const from = join(home, 'wheels')
    await mkdir(from)
    for (const wheel of wheels.slice(1)) await writeWheel(from, wheel)
    const plan = await planSetup({ ...options, folder, from })
    expect(plan.wheels.map(({ bytes }) => bytes)).toEqual([null, ...sizes.slice(1)])
    expect(plan).toMatchObject({ wheelBytes: null, error: { code: 'NOT_FOUND' } })
  })
})

const pip = spawnSync('python3', ['-m', 'pip', '--version'], { encoding: 'utf8' })

// Python's pip asks an index of made-up wheels on this machine: no network is used.
describe.skipIf(pip.status !== 0)(
  'what a set-up by pip would fetch (needs python3 with pip)',
  () => {
    async function plan(pages: IndexPages, list = wheels, address?: string) {
      index = await startPackageIndex(list, pages)
      const environment = {
        PATH: process.env.PATH,
        HOME: home,
        PIP_CONFIG_FILE: '/dev/null',
        PIP_INDEX_URL: address ?? index.url,
      }
      return planSetup({ ...options, folder, from: null, environment })
    }

    it('is told with the sizes that the index states, and nothing is fetched', async () => {
      const { wheels: told, wheelBytes: sum, error } = await plan('json')
      expect(error).toBeNull()
      expect(told.map(({ fileName }) => fileName)).toEqual(wheels.map(wheelFileName))
      expect(told.map(({ bytes }) => bytes)).toEqual(sizes)
      expect(sum).toBe(total)
      expect(index!.served).toEqual([])
      expect(existsSync(folder.root)).toBe(false)
    })

    it.each(['html', 'jsonWithoutSizes'] as const)(
      'has unknown sizes, not none, where the index states none (%s)',
      async (pages) => {
        const { wheels: told, wheelBytes: sum, error } = await plan(pages)
        expect(told.map(({ fileName }) => fileName)).toEqual(wheels.map(wheelFileName))
        expect(told.map(({ bytes }) => bytes)).toEqual(wheels.map(() => null))
        expect([sum, error]).toEqual([null, null])
      },
    )

    it('names what the index does not have, and tells the rest', async () => {
      const { wheels: told, wheelBytes: sum, error } = await plan('json', wheels.slice(0, 5))
      expect(told.map(({ bytes }) => bytes)).toEqual([...sizes.slice(0, 5), null])
      expect(sum).toBeNull()
      expect(error).toMatchObject({ code: 'NOT_FOUND' })
      expect(error?.message).toContain('the package index has no nvidia-cudnn-cu13~=9.0')
    })

    it.each<[string, IndexPages, string | undefined, string, RegExp]>([
      [
        'cannot be reached',
        'json',
        'http://user:secret@127.0.0.1:9/simple/',
        'NO_NETWORK',
        /^the package index cannot be reached/,
      ],
      [
        'is out of order',
        'unavailable',
        undefined,
        'FAILED',
        /^the package index answers 503 for onnxruntime-gpu==/,
      ],
      ['answers something else', 'nonsense', undefined, 'FAILED', /is no list of files/],
    ])('says in one line that the index %s', async (_what, pages, address, code, message) => {
      const { wheels: told, wheelBytes: sum, error } = await plan(pages, wheels, address)
      expect(error).toMatchObject({ code })
      expect(error?.message).toMatch(message)
      expect(error?.message).not.toContain('\n')
      expect(JSON.stringify(error)).not.toContain('secret')
      expect(told).toHaveLength(wheels.length)
      expect(sum).toBeNull()
    })

    it('says that there is no Python to ask with', async () => {
      const environment = { PATH: '/nowhere' }
      const { error, wheels: told } = await planSetup({
        ...options,
        folder,
        from: null,
        environment,
      })
      expect(error).toMatchObject({ code: 'NO_PYTHON' })
      expect(told.map(({ bytes }) => bytes)).toEqual(wheels.map(() => null))
    })
  },
)
