/** `123\n` → 123; null for a missing file, an empty one and any other text. */
export function sysfsNumber(text: string | null): number | null {
  return text !== null && /^\s*\d+\s*$/.test(text) ? Number(text) : null
}

export function scaled(value: number | null, unit: number): number | null {
  return value === null ? null : value * unit
}

/** Transfers per second and lane of each PCI Express generation, from the first. */
const gigatransfers = [2.5, 5, 8, 16, 32, 64]

/** `16.0 GT/s PCIe` → 4; null for `Unknown` and what is not yet known. */
export function linkGeneration(text: string | null): number | null {
  const rate = /^(\d+(?:\.\d+)?) GT\/s/.exec(text ?? '')?.[1]
  const place = rate === undefined ? -1 : gigatransfers.indexOf(Number(rate))
  return place < 0 ? null : place + 1
}
