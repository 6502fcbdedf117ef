import { maxJobLineLength } from '../core/estimate/jobLines'

const lineFeed = 0x0a

/**
 * Lines of a stream of UTF-8, without their ends. Of a line that is longer than any job only the
 * beginning is kept, one byte too long, so that whoever reads it can refuse it.
 */
export async function* readLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let parts: Uint8Array[] = []
  let length = 0
  const add = (part: Uint8Array): void => {
    const kept = part.subarray(0, Math.max(0, maxJobLineLength + 1 - length))
    if (kept.length > 0) parts.push(kept.slice())
    length += kept.length
  }
  const take = (): string => {
    const line = decoder.decode(parts.length === 1 ? parts[0] : Buffer.concat(parts))
    parts = []
    length = 0
    return line.endsWith('\r') ? line.slice(0, -1) : line
  }
  for await (const chunk of chunks) {
    let start = 0
    for (let end = chunk.indexOf(lineFeed); end !== -1; end = chunk.indexOf(lineFeed, start)) {
      add(chunk.subarray(start, end))
      start = end + 1
      yield take()
    }
    if (start < chunk.length) add(chunk.subarray(start))
  }
  if (length > 0) yield take()
}
