import { InputError } from '../errors'

/**
 * Random access to the bytes of a model file. Readers ask for headers only; who implements it
 * (a file, an uploaded blob, bytes in memory) decides what may be opened at all.
 */
export interface ByteSource {
  /** What messages call the file: its name, not its path on somebody's machine. */
  readonly name: string
  readonly sizeBytes: number
  /** Exactly `length` bytes from `offset`; callers keep the range inside `sizeBytes`. */
  read(offset: number, length: number): Promise<Uint8Array>
}

/** Bytes that are already in memory. */
export function byteSourceOf(name: string, bytes: Uint8Array): ByteSource {
  return {
    name,
    sizeBytes: bytes.byteLength,
    read: (offset, length) => Promise.resolve(bytes.subarray(offset, offset + length)),
  }
}

/** An error of this file at a byte offset or a field (`path`), as every reader throws it. */
export function corruptFile(source: ByteSource, path: string, message: string): InputError {
  return new InputError({ code: 'FILE_CORRUPT', file: source.name, path, message })
}
