/**
 * What live tensors are, finer than the terms of an estimate, so that a peak can say which tensors
 * it consists of. Order is that of the arrays that count them.
 */
export const tensorKinds = [
  'gradients',
  'hidden states',
  'normalisation',
  'queries, keys and values',
  'attention scores',
  'feed-forward activations',
  'dropout masks',
  'adapter activations',
  '16-bit copies of weights',
  'logits and loss',
  'masks and positions',
  'gradients of activations',
  'dequantized weights',
  'expert activations',
] as const

export type TensorKind = (typeof tensorKinds)[number]

const kindIndex: Readonly<Record<TensorKind, number>> = Object.fromEntries(
  tensorKinds.map((kind, index) => [kind, index]),
) as Record<TensorKind, number>

export function indexOfKind(kind: TensorKind): number {
  return kindIndex[kind]
}

/** One allocation: freed when the last holder lets go, be it a variable, a saved tensor or a gradient. */
export interface Storage {
  bytes: number
  holders: number
  kind: number
}

/** Bytes by `tensorKinds`. A plain array: V8 puts typed arrays of this length outside its heap. */
export type KindBytes = number[]

const zeros: readonly number[] = tensorKinds.map(() => 0)

export function noKindBytes(): KindBytes {
  return zeros.slice()
}

/** The largest total within a stretch of the step, and what it consisted of. */
export interface Segment {
  readonly label: string
  peakBytes: number
  /** What was live at that moment. */
  atPeak: KindBytes
  /** Everything that was allocated on the way: what operators write, each tensor once. */
  writtenBytes: number
  /** What checkpointing allocated for a second time, apart from that. */
  recomputedBytes: number
  /** What backward formulas read of the tensors that forward saved. */
  savedBytesRead: number
}

function emptySegment(label: string, peakBytes: number, atPeak: KindBytes): Segment {
  return { label, peakBytes, atPeak, writtenBytes: 0, recomputedBytes: 0, savedBytesRead: 0 }
}

/**
 * Counts live bytes by kind, as PyTorch's allocator would see them before rounding. Bytes are
 * differences to what was live when it was made: weights and optimizer states are not in it.
 */
export class LiveMemory {
  readonly byKind = noKindBytes()
  /** What counts towards the peak: gradients with the share that stays on this GPU. */
  total = 0
  /** New allocations are of this kind. */
  kind = 0
  /** Once set, nothing is allocated any more: recomputation has all that it came for. */
  stopped = false
  /** What is allocated was there before: checkpointing runs a layer's forward again. */
  isRecomputing = false
  segment: Segment = emptySegment('', 0, noKindBytes())
  readonly segments: Segment[] = []
  private readonly shares: readonly number[]

  /** `gradientShare`: of each gradient, what a GPU keeps that works with others or with its host. */
  constructor(gradientShare = 1) {
    this.shares = tensorKinds.map((kind) => (kind === 'gradients' ? gradientShare : 1))
  }

  enter(label: string): Segment {
    this.segment = emptySegment(label, this.total, this.byKind.slice())
    this.segments.push(this.segment)
    return this.segment
  }

  allocate(bytes: number): Storage {
    const size = this.stopped ? 0 : bytes
    const kind = this.kind
    this.byKind[kind] = (this.byKind[kind] ?? 0) + size
    this.total += size * (this.shares[kind] ?? 1)
    const segment = this.segment
    if (this.isRecomputing) segment.recomputedBytes += size
    else segment.writtenBytes += size
    if (this.total > segment.peakBytes) {
      segment.peakBytes = this.total
      for (let i = 0; i < this.byKind.length; i += 1) segment.atPeak[i] = this.byKind[i] ?? 0
    }
    return { bytes: size, holders: 1, kind }
  }

  hold(storage: Storage): Storage {
    storage.holders += 1
    return storage
  }

  release(storage: Storage): void {
    storage.holders -= 1
    if (storage.holders > 0) return
    this.byKind[storage.kind] = (this.byKind[storage.kind] ?? 0) - storage.bytes
    this.total -= storage.bytes * (this.shares[storage.kind] ?? 1)
  }

  /** What a tensor is called changes when a parameter takes it as its gradient. */
  relabel(storage: Storage, kind: number): void {
    this.byKind[storage.kind] = (this.byKind[storage.kind] ?? 0) - storage.bytes
    this.byKind[kind] = (this.byKind[kind] ?? 0) + storage.bytes
    this.total += storage.bytes * ((this.shares[kind] ?? 1) - (this.shares[storage.kind] ?? 1))
    storage.kind = kind
  }
}
