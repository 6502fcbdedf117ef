import { MiB } from '../../src/core/units'

/**
 * PyTorch's CUDA allocator with its default settings, without the GPU: what it holds for a sequence
 * of allocations. After pytorch/c10/cuda/CUDACachingAllocator.cpp: sizes are rounded to 512 bytes; up
 * to 1 MiB they come from segments of 2 MiB, up to 10 MiB from segments of 20 MiB, above from
 * segments of their own size rounded to 2 MiB; the smallest free block that is large enough is used,
 * split where enough is left over, and joined with its free neighbours when it is given back.
 */
interface Block {
  size: number
  isFree: boolean
  previous: Block | null
  next: Block | null
  readonly isSmall: boolean
}

const rounding = 512
const smallSize = 1 * MiB
const smallSegment = 2 * MiB
const largeSegment = 20 * MiB
const minLargeAllocation = 10 * MiB
const largeRounding = 2 * MiB

const roundUp = (size: number, unit: number): number => Math.ceil(size / unit) * unit

export class CachingAllocator {
  allocatedBytes = 0
  allocatedPeakBytes = 0
  reservedBytes = 0
  private readonly free: Record<'small' | 'large', Set<Block>> = {
    small: new Set(),
    large: new Set(),
  }

  allocate(bytes: number): Block {
    const size = Math.max(rounding, roundUp(bytes, rounding))
    const isSmall = size <= smallSize
    const block = this.bestFit(size, isSmall) ?? this.newSegment(size, isSmall)
    this.pool(block).delete(block)
    const rest = block.size - size
    if (isSmall ? rest >= rounding : rest > smallSize) this.split(block, size)
    block.isFree = false
    this.allocatedBytes += block.size
    this.allocatedPeakBytes = Math.max(this.allocatedPeakBytes, this.allocatedBytes)
    return block
  }

  release(block: Block): void {
    this.allocatedBytes -= block.size
    block.isFree = true
    this.join(block, block.next)
    const { previous } = block
    if (previous?.isFree) this.join(previous, block)
    else this.pool(block).add(block)
  }

  private bestFit(size: number, isSmall: boolean): Block | null {
    let best: Block | null = null
    for (const block of this.free[isSmall ? 'small' : 'large']) {
      if (block.size >= size && (best === null || block.size < best.size)) best = block
    }
    return best
  }

  private newSegment(size: number, isSmall: boolean): Block {
    const own = size < minLargeAllocation ? largeSegment : roundUp(size, largeRounding)
    const segment = isSmall ? smallSegment : own
    this.reservedBytes += segment
    return { size: segment, isFree: true, previous: null, next: null, isSmall }
  }

  private split(block: Block, size: number): void {
    const rest: Block = {
      size: block.size - size,
      isFree: true,
      previous: block,
      next: block.next,
      isSmall: block.isSmall,
    }
    if (block.next) block.next.previous = rest
    block.next = rest
    block.size = size
    this.pool(rest).add(rest)
  }

  /** Takes a free right neighbour into its left one. */
  private join(left: Block, right: Block | null): void {
    if (!right?.isFree) return
    this.pool(right).delete(right)
    left.size += right.size
    left.next = right.next
    if (right.next) right.next.previous = left
  }

  private pool(block: Block): Set<Block> {
    return this.free[block.isSmall ? 'small' : 'large']
  }
}
