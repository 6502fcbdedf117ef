import fc from 'fast-check'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { elfLibrary } from '../../../test/elfLibrary'
import { readElfNeeded } from './readElfNeeded'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'headroom-elf-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function needed(bytes: Uint8Array): Promise<string[]> {
  const path = join(folder, 'library.so')
  await writeFile(path, bytes)
  return readElfNeeded(path)
}

const provider = ['libcublasLt.so.13', 'libcudart.so.13', 'libcuda.so.1', 'libc.so.6']

it('lists what a library asks the dynamic linker for, in its order', async () => {
  expect(await needed(elfLibrary(provider))).toEqual(provider)
})

it.runIf(process.platform === 'linux' && process.arch === 'x64')(
  "reads a real one: Node's own binary asks for the C library",
  async () => {
    expect(await readElfNeeded(process.execPath)).toContain('libc.so.6')
  },
)

it.each([
  ['no library at all', Buffer.from('PK\x03\x04 not a library'), /cut short|no 64-bit ELF/],
  ['one for ARM', elfLibrary(provider, 183), /not for x86-64/],
  ['one that is cut', elfLibrary(provider).subarray(0, 200), /cut short/],
])('refuses %s with the file named', async (_what, bytes, message) => {
  await expect(needed(bytes)).rejects.toThrow(message)
  await expect(needed(bytes)).rejects.toMatchObject({ file: join(folder, 'library.so') })
})

it('answers any damage with an error of the input or with names, never with a hang or a crash', async () => {
  const good = elfLibrary(provider)
  await fc.assert(
    fc.asyncProperty(fc.nat(good.length - 1), fc.nat(255), async (at, value) => {
      const bytes = Buffer.from(good)
      bytes[at] = value
      const answer = await needed(bytes).catch((error: Error) => error.name)
      expect(Array.isArray(answer) || answer === 'InputError').toBe(true)
    }),
    { numRuns: 300 },
  )
})
