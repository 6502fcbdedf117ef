import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { rename, rm, stat } from 'node:fs/promises'
import { basename, join, posix } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type Entry, openPromise, type ZipFile } from 'yauzl'
import type { CudaFile } from '../../protocol/cudaSetup'
import { SetupFailure } from './setupFailure'

/** RECORD of the largest wheels is some hundred kilobytes. */
const maxRecordBytes = 16 * 1024 * 1024

interface Wheel {
  readonly zip: ZipFile
  readonly path: string
  readonly entries: readonly Entry[]
  /** Checksum in base64 of each file, by its name, as the wheel's maker wrote it. */
  readonly hashes: ReadonlyMap<string, string>
}

interface WheelName {
  /** As an index spells it: `nvidia-cublas`. */
  readonly name: string
  readonly version: string
  /** Tags of the Pythons that it is for: `cp312`, `py3`. */
  readonly pythons: readonly string[]
  /** Tags of the interfaces that it needs: `cp313`, `cp313t` of one without a global lock, `none`. */
  readonly interfaces: readonly string[]
  /** Its platforms, joined by dots. */
  readonly platform: string
}

/** What a wheel's file name says; null where it is none. */
export function parseWheelName(fileName: string): WheelName | null {
  const match = /^([\w.]+)-([\w.!+]+)(?:-\d\w*)?-([\w.]+)-([\w.]+)-([\w.]+)\.whl$/.exec(fileName)
  if (!match) return null
  const [, name = '', version = '', python = '', abi = '', platform = ''] = match
  return {
    name: name.toLowerCase().replaceAll(/[-_.]+/g, '-'),
    version,
    pythons: python.split('.'),
    interfaces: abi.split('.'),
    platform,
  }
}

/** Whether what is in the wheel runs on Linux for x86-64 with the GNU C library. */
export function isForLinuxX64(platform: string): boolean {
  return platform.split('.').some((tag) => /^(many)?linux.*_x86_64$/.test(tag))
}

/** The SHA-256 of a file, in hex. */
export async function sha256Of(
  path: string,
  onBytes: (bytes: number) => void,
  signal: AbortSignal,
) {
  const hash = createHash('sha256')
  let done = 0
  await pipeline(
    createReadStream(path, { highWaterMark: 1024 * 1024 }),
    async function* (chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        hash.update(chunk)
        onBytes((done += chunk.length))
      }
      yield* []
    },
    { signal },
  )
  return hash.digest('hex')
}

/**
 * Takes the libraries whose base names match out of a wheel, each checked against the wheel's own
 * list of checksums. A file is whole in `target` or not there; nothing is written anywhere else,
 * whatever the names in the archive say.
 * @throws SetupFailure where the wheel is cut, changed, or holds none of them
 */
export async function unpackWheel(
  path: string,
  files: RegExp,
  target: string,
  options: {
    /** Told how much must be free before anything is written. */
    readonly beforeWriting: (bytes: number) => Promise<void>
    readonly onBytes: (done: number, total: number) => void
    readonly signal: AbortSignal
  },
): Promise<CudaFile[]> {
  const wheel = await openWheel(path)
  try {
    const wanted = wheel.entries.filter(({ fileName }) => files.test(posix.basename(fileName)))
    if (wanted.length === 0)
      throw new SetupFailure('NOT_FOUND', `${basename(path)} holds no library that is needed`)
    const total = wanted.reduce((sum, { uncompressedSize }) => sum + uncompressedSize, 0)
    await options.beforeWriting(total)
    const unpacked: CudaFile[] = []
    let before = 0
    for (const entry of wanted) {
      const onBytes = (bytes: number) => options.onBytes(before + bytes, total)
      unpacked.push(await unpackEntry(wheel, entry, target, onBytes, options.signal))
      before += entry.uncompressedSize
    }
    return unpacked
  } finally {
    wheel.zip.close()
  }
}

async function openWheel(path: string): Promise<Wheel> {
  let zip: ZipFile | null = null
  try {
    zip = await openPromise(path, { autoClose: false })
    const entries: Entry[] = []
    for await (const entry of zip.eachEntry()) entries.push(entry)
    const record = entries.find(({ fileName }) => /^[^/]+\.dist-info\/RECORD$/.test(fileName))
    if (!record || record.uncompressedSize > maxRecordBytes) throw new Error('it has no RECORD')
    const text = await readText(await zip.openReadStreamPromise(record))
    return { zip, path, entries, hashes: parseRecord(text) }
  } catch (error) {
    zip?.close()
    throw notWhole(path, error)
  }
}

/** Lines `path,sha256=BASE64URL,size`; a path with a comma is quoted, and no library is called so. */
function parseRecord(text: string): Map<string, string> {
  const hashes = new Map<string, string>()
  for (const line of text.split(/\r?\n/)) {
    const match = /^([^,"]+),sha256=([\w-]+),\d*$/.exec(line)
    if (match) hashes.set(match[1]!, match[2]!)
  }
  return hashes
}

async function unpackEntry(
  { zip, path, hashes }: Wheel,
  entry: Entry,
  target: string,
  onBytes: (bytes: number) => void,
  signal: AbortSignal,
): Promise<CudaFile> {
  const name = posix.basename(entry.fileName)
  const file = join(target, name)
  const part = `${file}.part`
  const hash = createHash('sha256')
  let bytes = 0
  try {
    const source = await zip.openReadStreamPromise(entry).catch((error: unknown) => {
      throw notWhole(path, error)
    })
    await pipeline(
      source,
      async function* (chunks: AsyncIterable<Buffer>) {
        try {
          for await (const chunk of chunks) {
            hash.update(chunk)
            onBytes((bytes += chunk.length))
            yield chunk
          }
        } catch (error) {
          throw (error as Error).name === 'AbortError' ? error : notWhole(path, error)
        }
      },
      createWriteStream(part),
      { signal },
    )
    const digest = hash.digest()
    if (digest.toString('base64url') !== hashes.get(entry.fileName))
      throw new SetupFailure(
        'CHECKSUM',
        `${name} in ${basename(path)} does not have the checksum that the wheel states; fetch the wheel again`,
      )
    await rename(part, file)
    return { name, bytes, sha256: digest.toString('hex') }
  } catch (error) {
    await rm(part, { force: true })
    throw error
  }
}

async function readText(stream: Readable): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}

function notWhole(path: string, error: unknown): SetupFailure {
  const said = error instanceof Error ? error.message : String(error)
  return new SetupFailure('CUT', `${basename(path)} is cut short or damaged; fetch it again`, said)
}

/** Size of a file; null where there is none. */
export async function fileBytes(path: string): Promise<number | null> {
  return (await stat(path).catch(() => null))?.size ?? null
}
