/**
 * ONNX Runtime's arena (core/framework/bfc_arena.cc), of which every session has one per device: best
 * fit with coalescing. What it hands out can be larger than what was asked for, and counts as in use.
 */

/** A piece of a region; its neighbours are those that lie beside it in memory. */
export interface Chunk {
  /** Of the first byte; regions lie one after the other. */
  readonly address: number
  readonly bytes: number
}

export interface Arena {
  readonly inUseBytes: number
  /** All regions together, in use or not: none is given back before the session ends. */
  readonly heldBytes: number
  allocate(bytes: number): Chunk
  free(chunk: Chunk): void
}

/** Every chunk is a multiple of this. */
const granuleBytes = 256
const firstRegionBytes = 2 ** 20
/** Regions double up to here; a larger request gets a region of the next power of two. */
const largestGrowthBytes = 2 ** 30
/** A free chunk is cut where the rest is at least as large as the request, or as large as this. */
const maxDeadBytes = 128 * 2 ** 20

export function roundToGranule(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / granuleBytes)) * granuleBytes
}

export function createArena(): Arena {
  /** By address. */
  let free: Chunk[] = []
  const regionStarts = new Set<number>()
  let regionBytes = firstRegionBytes
  let heldBytes = 0
  let inUseBytes = 0

  function extend(bytes: number): void {
    let hasGrown = false
    while (bytes > regionBytes) {
      regionBytes *= 2
      hasGrown = true
    }
    regionStarts.add(heldBytes)
    free.push({ address: heldBytes, bytes: regionBytes })
    heldBytes += regionBytes
    if (!hasGrown) regionBytes = Math.min(2 * regionBytes, largestGrowthBytes)
  }

  /** The first chunk that fits in the smallest power-of-two class that has one, smallest first. */
  function bestFit(bytes: number): Chunk | null {
    let best: Chunk | null = null
    for (const chunk of free) {
      if (chunk.bytes >= bytes && (!best || chunk.bytes < best.bytes)) best = chunk
    }
    return best
  }

  return {
    get inUseBytes() {
      return inUseBytes
    },
    get heldBytes() {
      return heldBytes
    },
    allocate(bytes) {
      const rounded = roundToGranule(bytes)
      if (!bestFit(rounded)) extend(rounded)
      const found = bestFit(rounded)!
      const isCut = found.bytes >= 2 * rounded || found.bytes - rounded >= maxDeadBytes
      const chunk = isCut ? { address: found.address, bytes: rounded } : found
      const rest = { address: found.address + rounded, bytes: found.bytes - rounded }
      free = free.flatMap((each) => (each !== found ? [each] : isCut ? [rest] : []))
      inUseBytes += chunk.bytes
      return chunk
    },
    free(chunk) {
      inUseBytes -= chunk.bytes
      const place = free.findIndex(({ address }) => address > chunk.address)
      const at = place < 0 ? free.length : place
      const [before, after] = [free[at - 1], free[at]]
      let merged = chunk
      let [from, count] = [at, 0]
      if (after && touches(chunk, after)) {
        merged = { address: merged.address, bytes: merged.bytes + after.bytes }
        count += 1
      }
      if (before && touches(before, chunk)) {
        merged = { address: before.address, bytes: before.bytes + merged.bytes }
        from -= 1
        count += 1
      }
      free.splice(from, count, merged)
    },
  }

  /** Whether two chunks of one region lie side by side. */
  function touches(lower: Chunk, upper: Chunk): boolean {
    return lower.address + lower.bytes === upper.address && !regionStarts.has(upper.address)
  }
}
