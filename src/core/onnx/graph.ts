import { bytesPerElement, type DataType } from '../dtype'
import { tensorBytes } from './tensorData'

/**
 * A small typed builder of ONNX graphs that can be differentiated.
 *
 *     const graph = new Graph('example')
 *     const x = graph.input('x', 'fp32', [8, 64])
 *     const w = graph.input('w', 'fp32', [64, 10], 'weight')
 *     const loss = reduceMean(graph, matMul(graph, x, w), [0, 1])   // ops/*.ts: one function per operator
 *     const [dw] = gradients(graph, loss, [w])                      // gradients.ts: reverse mode
 *     graph.output('dw', dw)
 *     const model = encodeModel(graph)                              // encodeModel.ts: the protobuf
 *
 * An operator is a function that checks shapes, states the shape of its output and its gradient, and
 * calls `graph.apply`. Nodes are what will run; the tape beside them is what reverse mode reads. The
 * two differ where an operator is made of several nodes but knows a better gradient than theirs
 * (`graph.differentiateAs`).
 *
 * Each value keeps its role and each node its phase, so that the memory a graph takes can be told
 * from the graph alone (estimate/onnxGraphMemory.ts).
 */

/** What a tensor is there for. `temporary` is whatever nobody asked for by name. */
export type Role =
  'weight' | 'gradient' | 'optimizerState' | 'activation' | 'temporary' | 'input' | 'constant'

export type GraphPhase = 'forward' | 'loss' | 'backward' | 'optimizer'

/** A tensor of the graph. Its name identifies it. */
export interface Value {
  readonly name: string
  readonly dtype: DataType
  readonly shape: readonly number[]
  readonly role: Role
}

export type Attribute =
  | { readonly type: 'int'; readonly value: number }
  | { readonly type: 'ints'; readonly value: readonly number[] }
  | { readonly type: 'float'; readonly value: number }
  | { readonly type: 'string'; readonly value: string }

export type Attributes = Readonly<Record<string, Attribute>>

export interface Node {
  readonly opType: string
  /** Empty for the operators of ONNX itself. */
  readonly domain: '' | 'com.microsoft'
  readonly inputs: readonly Value[]
  readonly outputs: readonly Value[]
  readonly attributes: Attributes
  readonly phase: GraphPhase
}

export interface Initializer {
  readonly value: Value
  /** Made when they are asked for: an estimate of a large network never does. */
  readonly bytes: Uint8Array
}

export interface GraphOutput {
  /** What `session.run` calls it. */
  readonly name: string
  readonly value: Value
}

/** The gradient of one input, from that of the output; `output` is the operator's own result. */
export type GradientRule = (outputGradient: Value, output: Value) => Value

/** What the tape knows about one step of the computation. */
export interface TapeEntry {
  readonly opType: string
  readonly inputs: readonly Value[]
  readonly output: Value
  /**
   * Gradients of the inputs, null where one is not needed or where none flows (an index, a mask).
   * Null instead of a function: nothing flows through at all.
   */
  readonly backward:
    ((outputGradient: Value, isNeeded: readonly boolean[]) => readonly (Value | null)[]) | null
}

export interface Application {
  readonly shape: readonly number[]
  /** Of the output; that of the first input where not given. */
  readonly dtype?: DataType
  readonly attributes?: Attributes
  readonly domain?: Node['domain']
  /** One rule per input; null: nothing flows into that input. Left out: into none. */
  readonly gradients?: readonly (GradientRule | null)[]
}

export class Graph {
  readonly name: string
  readonly #nodes: Node[] = []
  readonly #inputs: Value[] = []
  readonly #initializers: Initializer[] = []
  readonly #outputs: GraphOutput[] = []
  #tape: TapeEntry[] = []
  readonly #shared = new Map<string, Value>()
  readonly #names = new Set<string>()
  /** Index in `#nodes` of the node that computes a value. */
  readonly #producers = new Map<string, number>()
  #phase: GraphPhase = 'forward'
  #isRecording = true
  #counter = 0

  constructor(name: string) {
    this.name = name
  }

  get nodes(): readonly Node[] {
    return this.#nodes
  }
  get inputs(): readonly Value[] {
    return this.#inputs
  }
  get initializers(): readonly Initializer[] {
    return this.#initializers
  }
  get outputs(): readonly GraphOutput[] {
    return this.#outputs
  }
  get isRecording(): boolean {
    return this.#isRecording
  }
  get tape(): readonly TapeEntry[] {
    return this.#tape
  }

  /** A tensor fed by `session.run`. */
  input(name: string, dtype: DataType, shape: readonly number[], role: Role = 'input'): Value {
    const value = this.#declare({ name, dtype, shape, role })
    this.#inputs.push(value)
    return value
  }

  /** A tensor stored in the model. `values` are in row-major order; null: zeros. */
  initializer(
    name: string,
    dtype: DataType,
    shape: readonly number[],
    values: ArrayLike<number> | null,
    role: Role = 'constant',
  ): Value {
    if (values && values.length !== elementCount(shape)) {
      throw new Error(`${name}: ${values.length} values do not fill ${formatShape(shape)}`)
    }
    const value = this.#declare({ name, dtype, shape, role })
    this.#initializers.push({
      value,
      get bytes() {
        return values ? tensorBytes(dtype, values) : new Uint8Array(Math.ceil(byteCount(value)))
      },
    })
    return value
  }

  /** A tensor that is part of the computation, such as a mask. */
  constant(dtype: DataType, shape: readonly number[], values: ArrayLike<number>): Value {
    return this.initializer(this.#freshName('constant'), dtype, shape, values)
  }

  /** One number of the given type; the same number is stored once. */
  scalar(value: number, dtype: DataType): Value {
    const key = `${dtype} ${Object.is(value, -0) ? '-0' : value}`
    const known = this.#shared.get(key)
    if (known) return known
    const scalar = this.constant(dtype, [], [value])
    this.#shared.set(key, scalar)
    return scalar
  }

  /** A constant that every part of the graph that knows `key` shares; made by the first. */
  shared(
    key: string,
    dtype: DataType,
    shape: readonly number[],
    values: () => ArrayLike<number>,
  ): Value {
    const full = `shared ${key} ${dtype}`
    const known = this.#shared.get(full)
    if (known) return known
    const value = this.constant(dtype, shape, values())
    this.#shared.set(full, value)
    return value
  }

  /** int64 numbers that operators take as an input: axes, a shape. */
  integers(values: readonly number[]): Value {
    const key = `integers ${values.join(' ')}`
    const known = this.#shared.get(key)
    if (known) return known
    const integers = this.constant('int64', [values.length], values)
    this.#shared.set(key, integers)
    return integers
  }

  /** Adds a node with one output and, unless recording is off, its gradient to the tape. */
  apply(opType: string, inputs: readonly Value[], application: Application): Value {
    const { shape, dtype = inputs[0]!.dtype, attributes = {}, domain = '' } = application
    const [output] = this.applyMany(opType, inputs, [{ shape, dtype }], attributes, domain)
    const rules = application.gradients
    this.differentiateAs(
      opType,
      inputs,
      output!,
      rules
        ? (outputGradient, isNeeded) =>
            rules.map((rule, index) =>
              rule && isNeeded[index] ? rule(outputGradient, output!) : null,
            )
        : null,
    )
    return output!
  }

  /** Adds a node that nothing flows back through, with any number of outputs. */
  applyMany(
    opType: string,
    inputs: readonly Value[],
    outputs: readonly { readonly shape: readonly number[]; readonly dtype: DataType }[],
    attributes: Attributes = {},
    domain: Node['domain'] = '',
  ): Value[] {
    const values = outputs.map(({ shape, dtype }) =>
      this.#declare({ name: this.#freshName(opType), dtype, shape, role: 'temporary' }),
    )
    for (const { name } of values) this.#producers.set(name, this.#nodes.length)
    this.#nodes.push({ opType, domain, inputs, outputs: values, attributes, phase: this.#phase })
    return values
  }

  /** States the gradient of a computation whose nodes were added without recording. */
  differentiateAs(
    opType: string,
    inputs: readonly Value[],
    output: Value,
    backward: TapeEntry['backward'],
  ): void {
    if (this.#isRecording) this.#tape.push({ opType, inputs, output, backward })
  }

  /** Runs `build` without writing to the tape. */
  withoutRecording<Result>(build: () => Result): Result {
    const before = this.#isRecording
    this.#isRecording = false
    try {
      return build()
    } finally {
      this.#isRecording = before
    }
  }

  /** Runs `build` with a tape of its own, which is given back beside its result. */
  recordingApart<Result>(build: () => Result): { result: Result; tape: readonly TapeEntry[] } {
    const [tapeBefore, wasRecording] = [this.#tape, this.#isRecording]
    const tape: TapeEntry[] = []
    this.#tape = tape
    this.#isRecording = true
    try {
      return { result: build(), tape }
    } finally {
      this.#tape = tapeBefore
      this.#isRecording = wasRecording
    }
  }

  /** Nodes that `build` adds belong to `phase`. */
  inPhase<Result>(phase: GraphPhase, build: () => Result): Result {
    const before = this.#phase
    this.#phase = phase
    try {
      return build()
    } finally {
      this.#phase = before
    }
  }

  /** Makes `value` an output of the model under `name`, which `session.run` answers with. */
  output(name: string, value: Value): void {
    this.#claim(name)
    // ONNX gives each output to one node: what is fed, stored or an output already is copied.
    const isFree =
      this.#producers.has(value.name) &&
      !this.#outputs.some((output) => output.value.name === value.name)
    const own = isFree ? value : this.apply('Identity', [value], { shape: value.shape })
    this.#outputs.push({ name, value: own })
  }

  /** The node that computes a value; null of what is fed or stored. */
  producerOf({ name }: Value): Node | null {
    const producer = this.#producers.get(name)
    return producer === undefined ? null : this.#nodes[producer]!
  }

  /** The same tensor in another role. */
  withRole(value: Value, role: Role): Value {
    const renamed: Value = { ...value, role }
    const producer = this.#producers.get(value.name)
    const node = producer === undefined ? undefined : this.#nodes[producer]
    if (producer === undefined || !node)
      throw new Error(`${value.name} is not the result of a node: its role is given`)
    this.#nodes[producer] = {
      ...node,
      outputs: node.outputs.map((output) => (output.name === value.name ? renamed : output)),
    }
    return renamed
  }

  #freshName(stem: string): string {
    this.#counter++
    return `${stem}_${this.#counter}`
  }

  #declare(value: Value): Value {
    if (value.shape.some((size) => !Number.isInteger(size) || size < 0)) {
      throw new Error(`${value.name}: ${formatShape(value.shape)} is not a shape`)
    }
    this.#claim(value.name)
    return value
  }

  #claim(name: string): void {
    if (this.#names.has(name)) throw new Error(`two values are called ${name}`)
    this.#names.add(name)
  }
}

/** The nodes that an output depends on, in their order. */
export function liveNodes({
  nodes,
  outputs,
}: {
  readonly nodes: readonly Node[]
  readonly outputs: readonly GraphOutput[]
}): readonly Node[] {
  const isNeeded = new Set(outputs.map(({ value }) => value.name))
  const live = nodes.toReversed().filter((node) => {
    const isLive = node.outputs.some(({ name }) => isNeeded.has(name))
    if (isLive) for (const { name } of node.inputs) isNeeded.add(name)
    return isLive
  })
  return live.toReversed()
}

export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1)
}

export function byteCount(value: Pick<Value, 'dtype' | 'shape'>): number {
  return elementCount(value.shape) * bytesPerElement[value.dtype]
}

export function formatShape(shape: readonly number[]): string {
  return `[${shape.join(', ')}]`
}

export function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis])
}
