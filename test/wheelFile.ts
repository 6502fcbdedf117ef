import { createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'

export interface TestWheel {
  readonly name: string
  readonly version: string
  /** `py3-none-manylinux2014_x86_64` where it does not matter. */
  readonly tag?: string
  /** Content by path within the wheel. */
  readonly files: Readonly<Record<string, Uint8Array>>
  /** Paths whose checksum in RECORD is another file's. */
  readonly wrongChecksums?: readonly string[]
}

const usualTag = 'py3-none-manylinux2014_x86_64'

export function wheelFileName({ name, version, tag = usualTag }: TestWheel): string {
  return `${name.replaceAll('-', '_')}-${version}-${tag}.whl`
}

/** A wheel as pip takes it: a ZIP of stored files with its METADATA, WHEEL and RECORD. */
export function wheelBytes(wheel: TestWheel): Buffer {
  const { name, version, tag = usualTag, files, wrongChecksums = [] } = wheel
  const info = `${name.replaceAll('-', '_')}-${version}.dist-info`
  const all: Record<string, Uint8Array> = {
    ...files,
    [`${info}/METADATA`]: Buffer.from(
      `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\n`,
    ),
    [`${info}/WHEEL`]: Buffer.from(
      `Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: false\nTag: ${tag}\n`,
    ),
  }
  const record = Object.entries(all).map(([path, bytes]) => {
    const content = wrongChecksums.includes(path) ? Buffer.from('another') : bytes
    const hash = createHash('sha256').update(content).digest('base64url')
    return `${path},sha256=${hash},${bytes.length}`
  })
  return zipBytes({
    ...all,
    [`${info}/RECORD`]: Buffer.from([...record, `${info}/RECORD,,`, ''].join('\n')),
  })
}

export async function writeWheel(folder: string, wheel: TestWheel): Promise<string> {
  const path = join(folder, wheelFileName(wheel))
  await writeFile(path, wheelBytes(wheel))
  return path
}

/** A ZIP of stored files (APPNOTE 4.3); any path is written as it is, hostile ones too. */
export function zipBytes(files: Readonly<Record<string, Uint8Array>>): Buffer {
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const [path, content] of Object.entries(files)) {
    const name = Buffer.from(path)
    const fixed = Buffer.alloc(26)
    fixed.writeUInt16LE(20, 0)
    fixed.writeUInt32LE(crc32(content), 10)
    fixed.writeUInt32LE(content.length, 14)
    fixed.writeUInt32LE(content.length, 18)
    fixed.writeUInt16LE(name.length, 22)
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), fixed, name, content])
    const entry = Buffer.alloc(42)
    entry.writeUInt16LE(20, 0)
    fixed.copy(entry, 2)
    entry.writeUInt32LE(offset, 38)
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02'), entry, name]))
    parts.push(local)
    offset += local.length
  }
  const end = Buffer.alloc(18)
  end.writeUInt16LE(directory.length, 4)
  end.writeUInt16LE(directory.length, 6)
  end.writeUInt32LE(Buffer.concat(directory).length, 8)
  end.writeUInt32LE(offset, 12)
  return Buffer.concat([...parts, ...directory, Buffer.from('PK\x05\x06'), end])
}
