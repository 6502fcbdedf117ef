import { type ByteSource, corruptFile } from './byteSource'
import { type GgufFile, readGguf } from './gguf'

/**
 * GGUF models above a few tens of GB come in parts, `name-00001-of-00003.gguf`; the first carries the
 * metadata, each its own tensors. Names of the others are made from the first one's, never read.
 */

const partName = /^(.+)-00001-of-(\d{5})\.gguf$/
/** At the usual 50 GB a part, this would be a model of 10 TB. */
const maxPartCount = 200

/**
 * A GGUF file with all its parts. `openPart` opens a file beside the first by its base name.
 * Throws InputError where a part is missing, repeats a tensor or does not belong.
 */
export async function readSplitGguf(
  source: ByteSource,
  openPart: (name: string) => Promise<ByteSource>,
): Promise<GgufFile> {
  const first = await readGguf(source)
  const count = partCountOf(source, first)
  if (count === 1) return first
  const parts = [first]
  const [, base = ''] = partName.exec(source.name) ?? []
  for (let index = 2; index <= count; index += 1) {
    const digits = (number: number): string => String(number).padStart(5, '0')
    const part = await openPart(`${base}-${digits(index)}-of-${digits(count)}.gguf`)
    parts.push(await readGguf(part))
  }
  const tensors = parts.flatMap((part) => part.tensors)
  const names = new Set(tensors.map(({ name }) => name))
  if (names.size !== tensors.length) {
    throw corruptFile(source, 'split.count', 'the parts repeat a tensor; they are not of one model')
  }
  const sum = (figure: 'tensorBytes' | 'fileBytes'): number =>
    parts.reduce((total, part) => total + part[figure], 0)
  return {
    ...first,
    tensors,
    parameterCount: tensors.reduce((total, tensor) => total + tensor.elementCount, 0),
    tensorBytes: sum('tensorBytes'),
    fileBytes: sum('fileBytes'),
  }
}

function partCountOf(source: ByteSource, file: GgufFile): number {
  const count = file.values.get('split.count') ?? 1
  if (count === 1 || count === 0) return 1
  const named = Number(partName.exec(source.name)?.[2] ?? Number.NaN)
  if (typeof count !== 'number' || count > maxPartCount) {
    throw corruptFile(source, 'split.count', `is not a number of parts up to ${maxPartCount}`)
  }
  if (named !== count) {
    throw corruptFile(
      source,
      'split.count',
      `says ${count} parts; give the first, named …-00001-of-${String(count).padStart(5, '0')}.gguf`,
    )
  }
  return count
}
