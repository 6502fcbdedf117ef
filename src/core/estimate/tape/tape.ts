import { indexOfKind, LiveMemory, type Storage, type TensorKind } from './liveMemory'

/**
 * Autograd without numbers: operators allocate what PyTorch's would, save what its formulas need,
 * and the backward walk visits them in PyTorch's order (highest sequence number first), so that the
 * live bytes of every moment come out, not only sums of what is saved.
 */

/** A tensor as a variable of the running program holds it. */
export interface Value {
  readonly storage: Storage
  readonly elements: number
  /** Bytes per element. */
  readonly width: number
  /** What computes its gradient; null where none is needed. */
  readonly node: GraphNode | null
}

export interface GraphNode {
  /** Sum of the gradients that arrived so far. */
  pending: Storage | null
  /** Called with the gradient of the output; passes gradients on with `tape.emit`. */
  readonly backward: (gradient: Storage) => void
  readonly saved: readonly Storage[]
  /** Uses whose gradients are still to come; only counted for parameters. */
  openUses: number
  readonly isParameter: boolean
  /** `backward` lets go of the gradient itself. */
  readonly consumes: boolean
}

/** `record`: an ordinary forward pass; `discard`: under checkpointing, nothing is kept; `inference`: no graph. */
export type TapeMode = 'record' | 'discard' | 'inference'

const temporaryKind = indexOfKind('gradients of activations')
const gradientKind = indexOfKind('gradients')
const noNodes: readonly Storage[] = []

export interface TapeOptions {
  /** Gradients are kept until the optimizer runs (`keep`), already exist and are added to (`add`), or used at once (`use`). */
  readonly gradients: 'keep' | 'add' | 'use'
  /** 16-bit copies under autocast: bytes of the compute type, or null without autocast. */
  readonly autocastWidth: number | null
  /** Share of each gradient that stays on this GPU; 1 where it works alone. */
  readonly gradientShare?: number
}

export class Tape {
  readonly memory: LiveMemory
  mode: TapeMode = 'record'
  private nodes: GraphNode[] = []
  private readonly outbox: { node: GraphNode; gradient: Storage }[] = []
  private savedCount = 0
  private savedLimit = Number.POSITIVE_INFINITY
  private autocastCache = new Map<GraphNode, Value>()

  constructor(readonly options: TapeOptions) {
    this.memory = new LiveMemory(options.gradientShare)
  }

  /** From here on, what the forward pass allocates is of this kind. */
  as(kind: TensorKind): void {
    this.memory.kind = indexOfKind(kind)
  }

  allocate(bytes: number): Storage {
    return this.memory.allocate(bytes)
  }

  /** The variable goes out of scope. */
  drop(value: Value): void {
    this.memory.release(value.storage)
  }

  keep(value: Value): Value {
    this.memory.hold(value.storage)
    return value
  }

  /**
   * Makes the result of an operator. `inputs` that need a gradient decide whether it has a node;
   * `saved` are the storages that the backward formula reads.
   */
  result(
    storage: Storage,
    elements: number,
    width: number,
    needsGradient: boolean,
    saved: readonly (Storage | null)[],
    backward: (gradient: Storage) => void,
  ): Value {
    if (!needsGradient || this.mode === 'inference') return { storage, elements, width, node: null }
    return { storage, elements, width, node: this.record(saved, backward) }
  }

  record(saved: readonly (Storage | null)[], backward: (gradient: Storage) => void): GraphNode {
    const kept = this.save(saved)
    const node = {
      pending: null,
      backward,
      saved: kept,
      openUses: 0,
      isParameter: false,
      consumes: false,
    }
    this.nodes.push(node)
    return node
  }

  /** As `record`, for a backward pass that hands its gradient to another graph. */
  recordConsuming(saved: readonly Storage[], backward: (gradient: Storage) => void): GraphNode {
    const node: GraphNode = {
      pending: null,
      backward,
      saved: this.save(saved),
      openUses: 0,
      isParameter: false,
      consumes: true,
    }
    this.nodes.push(node)
    return node
  }

  private save(saved: readonly (Storage | null)[]): readonly Storage[] {
    const kept: Storage[] = []
    for (const storage of saved) {
      this.savedCount += 1
      if (storage !== null && this.mode === 'record') {
        storage.holders += 1
        kept.push(storage)
      }
      if (this.savedCount >= this.savedLimit) this.memory.stopped = true
    }
    return kept.length > 0 ? kept : noNodes
  }

  /** A trainable parameter; its gradient ends here. */
  parameter(): GraphNode {
    return {
      pending: null,
      backward: (gradient) => this.accumulate(gradient),
      saved: noNodes,
      openUses: 0,
      isParameter: true,
      consumes: false,
    }
  }

  /** Counts one more use of a parameter, or nothing for another node. */
  use(node: GraphNode | null): GraphNode | null {
    if (node?.isParameter && this.mode === 'record') node.openUses += 1
    return node
  }

  private accumulate(gradient: Storage): void {
    if (this.options.gradients === 'keep') {
      this.memory.hold(gradient)
      this.memory.relabel(gradient, gradientKind)
    }
  }

  /** Passes a gradient on; takes over the caller's hold. */
  emit(node: GraphNode | null, gradient: Storage): void {
    if (node === null) this.memory.release(gradient)
    else this.outbox.push({ node, gradient })
  }

  /** The 16-bit copy of a parameter that autocast keeps until the context is left. */
  autocastCopy(parameter: GraphNode, make: () => Value): Value {
    const cached = this.autocastCache.get(parameter)
    if (cached) return cached
    const copy = make()
    this.autocastCache.set(parameter, copy)
    return copy
  }

  autocastCopies(): readonly Storage[] {
    return [...this.autocastCache.values()].map(({ storage }) => storage)
  }

  leaveAutocast(): void {
    for (const copy of this.autocastCache.values()) this.drop(copy)
    this.autocastCache = new Map()
  }

  /** Position in the graph, to walk back to. */
  get position(): number {
    return this.nodes.length
  }

  /** Runs the backward pass of everything recorded since `position`, newest first. */
  backwardTo(position: number): void {
    const kind = this.memory.kind
    this.memory.kind = temporaryKind
    while (this.nodes.length > position) {
      const node = this.nodes.pop()
      if (node) this.visit(node)
    }
    this.memory.kind = kind
  }

  private visit(node: GraphNode): void {
    const gradient = node.pending
    node.pending = null
    // Delivering wakes parameters, which send on from the end of the same list.
    const { outbox } = this
    const first = outbox.length
    if (gradient) node.backward(gradient)
    const { saved } = node
    for (let i = 0; i < saved.length; i += 1) {
      const storage = saved[i]!
      if (gradient) this.memory.segment.savedBytesRead += storage.bytes
      this.memory.release(storage)
    }
    if (!gradient) return
    if (!node.consumes) this.memory.release(gradient)
    const end = outbox.length
    for (let i = first; i < end; i += 1) this.deliver(outbox[i]!.node, outbox[i]!.gradient)
    outbox.length = first
  }

  private deliver(node: GraphNode, gradient: Storage): void {
    if (node.pending === null) node.pending = gradient
    else {
      // The engine adds out of place: neither of the two is known to be its own.
      const sum = this.memory.allocate(gradient.bytes)
      this.memory.release(node.pending)
      this.memory.release(gradient)
      node.pending = sum
    }
    if (!node.isParameter) return
    node.openUses -= 1
    if (node.openUses <= 0) this.visit(node)
  }

  /** Puts the gradient that starts the backward pass, or one that arrives from outside. */
  seed(node: GraphNode | null, gradient: Storage): void {
    if (node === null) this.memory.release(gradient)
    else this.deliver(node, gradient)
  }

  /** Gradient waiting at a value's node, taken away from it; null where none arrived. */
  take(node: GraphNode | null): Storage | null {
    const gradient = node?.pending ?? null
    if (node) node.pending = null
    return gradient
  }

  /** Runs `forward` keeping nothing for backward, and counts how many tensors it would have saved. */
  discarding<T>(forward: () => T): { readonly value: T; readonly savedCount: number } {
    const { mode, nodes } = this
    this.mode = 'discard'
    this.nodes = []
    this.savedCount = 0
    const value = forward()
    this.mode = mode
    this.nodes = nodes
    return { value, savedCount: this.savedCount }
  }

  /** Runs `forward` again for its saved tensors, and stops allocating at the last of them. */
  recomputing<T>(savedCount: number, forward: () => T): T {
    const kind = this.memory.kind
    this.savedCount = 0
    this.savedLimit = savedCount
    this.memory.isRecomputing = true
    const value = forward()
    this.memory.isRecomputing = false
    this.savedLimit = Number.POSITIVE_INFINITY
    this.memory.stopped = false
    this.memory.kind = kind
    return value
  }
}
