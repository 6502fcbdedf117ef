import { constants } from 'node:fs'
import { lstat, open, realpath } from 'node:fs/promises'
import { basename, dirname, isAbsolute, relative, sep } from 'node:path'
import type { ByteSource } from '../core/models/byteSource'
import { InputError, type InputErrorCode } from '../core/errors'

/**
 * Files of a model as byte sources. A path that a person gave may lead anywhere; a path that a file
 * gave (a shard, external data) must stay in the model's folder, links included.
 */

/**
 * A regular file that a person pointed at. Every read opens it anew, so nothing has to be closed,
 * and a file that was exchanged meanwhile is noticed.
 */
export async function fileByteSource(path: string): Promise<ByteSource> {
  const name = basename(path)
  const { sizeBytes, identity } = await inspect(path, name)
  return {
    name,
    sizeBytes,
    read: async (offset, length) => {
      const handle = await orInputError(name, () => open(path, openFlags))
      try {
        const stat = await handle.stat()
        if (`${stat.dev}:${stat.ino}:${stat.size}` !== identity) {
          throw fileError(name, 'FILE_UNREADABLE', 'changed while it was read; try again')
        }
        const bytes = new Uint8Array(length)
        const { bytesRead } = await orInputError(name, () => handle.read(bytes, 0, length, offset))
        return bytes.subarray(0, bytesRead)
      } finally {
        await handle.close()
      }
    },
  }
}

/**
 * A file that another file of the model named: a shard or a part. Its real path must lie in the
 * folder; links into the blobs of the same Hugging Face cache entry are what that cache is made of.
 */
export async function siblingByteSource(folder: string, name: string): Promise<ByteSource> {
  const path = `${folder}${sep}${name}`
  const target = await orInputError(name, () => realpath(path))
  const allowed = await allowedRoots(folder)
  if (!allowed.some((root) => isInside(root, target))) {
    throw fileError(
      name,
      'UNSUPPORTED',
      "is a link that leaves the model's folder; copy the file there",
    )
  }
  return fileByteSource(target).then((source) => ({ ...source, name }))
}

/**
 * Checks a file that an ONNX model names for its tensors and gives its size. Stricter than a shard:
 * a symbolic link, or a hard link to a file elsewhere, would let a model read what is not its own.
 */
export async function externalFileBytes(folder: string, location: string): Promise<number> {
  const path = `${folder}${sep}${location}`
  const stat = await orInputError(location, () => lstat(path))
  if (!stat.isFile())
    throw fileError(location, 'UNSUPPORTED', 'is not a regular file; copy it there')
  if (stat.nlink !== 1) {
    throw fileError(
      location,
      'UNSUPPORTED',
      'has a second name elsewhere (a hard link); copy it there',
    )
  }
  const target = await orInputError(location, () => realpath(path))
  if (!isInside(await realpath(folder), target)) {
    throw fileError(location, 'UNSUPPORTED', "leaves the model's folder; copy the file there")
  }
  return stat.size
}

/** Without O_NONBLOCK, opening a named pipe waits for ever for somebody to write. */
const openFlags = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)

async function inspect(
  path: string,
  name: string,
): Promise<{ sizeBytes: number; identity: string }> {
  const handle = await orInputError(name, () => open(path, openFlags))
  try {
    const stat = await handle.stat()
    if (!stat.isFile()) throw fileError(name, 'UNSUPPORTED', 'is not a regular file')
    return { sizeBytes: stat.size, identity: `${stat.dev}:${stat.ino}:${stat.size}` }
  } finally {
    await handle.close()
  }
}

async function allowedRoots(folder: string): Promise<string[]> {
  const root = await realpath(folder)
  const snapshots = dirname(root)
  const entry = dirname(snapshots)
  const isCache = basename(snapshots) === 'snapshots' && basename(entry).startsWith('models--')
  return isCache ? [root, `${entry}${sep}blobs`] : [root]
}

function isInside(root: string, path: string): boolean {
  const way = relative(root, path)
  return way !== '' && way.split(sep)[0] !== '..' && !isAbsolute(way)
}

function fileError(file: string, code: InputErrorCode, message: string): InputError {
  return new InputError({ code, file, message })
}

/** What the system refuses is the input's fault: it is told by the file's name, without a stack. */
async function orInputError<T>(name: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action()
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : null
    if (code === null) throw error
    if (code === 'ENOENT' || code === 'ENOTDIR') throw fileError(name, 'NOT_FOUND', 'is not there')
    const reason = reasons[code] ?? code
    throw fileError(name, 'FILE_UNREADABLE', `cannot be read: ${reason}`)
  }
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EISDIR: 'it is a folder',
  ELOOP: 'its links form a circle',
  EMFILE: 'too many files are open',
  ENXIO: 'it is a device or pipe',
  EIO: 'the disk reports an error',
}
