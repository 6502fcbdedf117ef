import { MiB } from '../../core/units'

// nvidia-smi writes what it cannot tell as words: [N/A], [Not Supported], N/A, [Unknown Error],
// [GPU is lost], [Insufficient Permissions]. All of them are unknown, and unknown is null, never 0.

const unknownWords = /^\[.*\]$|^n\/a$|^err!?$|^unknown error$|^-?$/i

/** The cell's text, or null where it says that nobody knows. */
export function knownText(cell: string | undefined): string | null {
  const text = cell?.trim()
  return text === undefined || unknownWords.test(text) ? null : text
}

/** `70.00 W` → 70; a comma may stand for the point. Null where it is no such figure. */
export function knownNumber(cell: string | undefined): number | null {
  const match = /^(\d+(?:[.,]\d+)?)(?: ?(?:MiB|W|%|MHz|C))?$/.exec(knownText(cell) ?? '')
  return match?.[1] === undefined ? null : Number(match[1].replace(',', '.'))
}

/** `15360 MiB` → bytes. */
export function knownBytes(cell: string | undefined): number | null {
  const mebibytes = knownNumber(cell)
  return mebibytes === null ? null : mebibytes * MiB
}
