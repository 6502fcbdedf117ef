import { type FileHandle, open } from 'node:fs/promises'
import { InputError } from '../../core/errors'

/** Dynamic sections of real libraries are a few kilobytes, their tables of names below a few megabytes. */
const maxSectionBytes = 64 * 1024 * 1024
const programTypes = { load: 1, dynamic: 2 } as const
const tags = { needed: 1n, stringTable: 5n, stringTableSize: 10n } as const
const machineX64 = 62

/**
 * The libraries that an ELF library for x86-64 asks the dynamic linker for (DT_NEEDED), in its order.
 * @throws InputError where the file is none
 */
export async function readElfNeeded(path: string): Promise<string[]> {
  const file = await open(path)
  try {
    return await readNeeded(file, path)
  } finally {
    await file.close()
  }
}

async function readNeeded(file: FileHandle, path: string): Promise<string[]> {
  const refuse = (message: string) => new InputError({ code: 'FILE_CORRUPT', file: path, message })
  const { size } = await file.stat()
  const read = async (offset: bigint, length: bigint): Promise<Buffer> => {
    if (offset < 0n || length > maxSectionBytes || offset + length > BigInt(size))
      throw refuse('it is cut short, or no library')
    const bytes = Buffer.alloc(Number(length))
    await file.read(bytes, 0, bytes.length, Number(offset))
    return bytes
  }
  const header = await read(0n, 64n)
  if (header.readUInt32BE(0) !== 0x7f454c46 || header[4] !== 2 || header[5] !== 1)
    throw refuse('it is no 64-bit ELF library')
  if (header.readUInt16LE(18) !== machineX64) throw refuse('it is not for x86-64')
  const entryBytes = header.readUInt16LE(54)
  const count = header.readUInt16LE(56)
  const table = await read(header.readBigUInt64LE(32), BigInt(entryBytes * count))
  if (entryBytes < 56) throw refuse('its program headers are no ELF64 ones')
  const programs = Array.from({ length: count }, (_, index) => {
    const at = index * entryBytes
    return {
      type: table.readUInt32LE(at),
      offset: table.readBigUInt64LE(at + 8),
      address: table.readBigUInt64LE(at + 16),
      bytes: table.readBigUInt64LE(at + 32),
    }
  })
  const dynamic = programs.find(({ type }) => type === programTypes.dynamic)
  if (!dynamic) return []
  const section = await read(dynamic.offset, dynamic.bytes)
  const entries = Array.from({ length: Math.floor(section.length / 16) }, (_, index) => ({
    tag: section.readBigInt64LE(index * 16),
    value: section.readBigUInt64LE(index * 16 + 8),
  }))
  const valueOf = (tag: bigint) => entries.find((entry) => entry.tag === tag)?.value
  const address = valueOf(tags.stringTable)
  const bytes = valueOf(tags.stringTableSize)
  // The dynamic section knows addresses in memory; a loaded segment tells where those are in the file.
  const segment = programs.find(
    (program) =>
      program.type === programTypes.load &&
      address !== undefined &&
      program.address <= address &&
      address < program.address + program.bytes,
  )
  if (address === undefined || bytes === undefined || !segment)
    throw refuse('its dynamic section has no table of names')
  const names = await read(address - segment.address + segment.offset, bytes)
  return entries
    .filter(({ tag }) => tag === tags.needed)
    .map(({ value }) => {
      const start = Number(value)
      const end = names.indexOf(0, start)
      if (start >= names.length || end < 0) throw refuse('a name lies outside its table')
      return names.toString('utf8', start, end)
    })
}
