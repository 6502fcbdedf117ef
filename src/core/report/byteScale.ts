/** The one unit in which a table or a chart gives its sizes, named in its header. */
export interface ByteScale {
  readonly unit: 'B' | 'KiB' | 'MiB' | 'GiB'
  readonly bytes: number
}

const scales: readonly ByteScale[] = [
  { unit: 'GiB', bytes: 1024 ** 3 },
  { unit: 'MiB', bytes: 1024 ** 2 },
  { unit: 'KiB', bytes: 1024 },
]

/** The largest unit of which the largest size is at least one; unknown sizes do not count. */
export function byteScale(sizes: readonly (number | null)[]): ByteScale {
  const largest = Math.max(0, ...sizes.map((size) => Math.abs(size ?? 0)))
  return scales.find((scale) => largest >= scale.bytes) ?? { unit: 'B', bytes: 1 }
}
