import { layerRuns } from '../models/layerShape'
import { bindLayer, type BoundLayer, bindNorm } from './forward/boundLayer'
import { bindEmbedding, type BoundEmbedding, embed, tokenIdWidth } from './forward/embed'
import { layer } from './forward/layer'
import { type BoundNorm, normalise } from './forward/normalise'
import { type BoundHead, bindHead, crossEntropy, logitsOf } from './forward/outputHead'
import type { StackContext } from './forward/selfAttention'
import type { StepContext } from './forward/stepContext'
import { relativeBias, stackTensors } from './forward/stackTensors'
import { dropout, scale } from './tape/operators'
import type { Value } from './tape/tape'
import { StepRecorder, type StepMoment, type WrittenBytes } from './stepRecorder'

export interface TrainingStepOptions {
  readonly checkpointing: boolean
  /** Checkpointed inputs are moved to host memory until they are needed. */
  readonly offloadCheckpoints: boolean
  /** Simulates every layer instead of one of each kind: slow, to check the quick way against. */
  readonly unrolled?: boolean
}

interface Stack {
  readonly label: string
  readonly length: number
  /** One entry per simulated layer, with how many equal ones it stands for. */
  readonly runs: readonly { readonly layer: BoundLayer; readonly count: number }[]
  readonly norm: BoundNorm | null
}

export interface SimulatedStep {
  readonly moments: readonly StepMoment[]
  readonly written: WrittenBytes
}

/**
 * Moments of one training step up to the end of backward, each with its live bytes by kind: the
 * embedding, every run of equal layers, head and loss, and back. Weights, optimizer states and
 * gradients of earlier micro-batches are not included.
 */
export function simulateTrainingStep(c: StepContext, options: TrainingStepOptions): SimulatedStep {
  const recorder = new StepRecorder(c.tape)
  const embedding = bindEmbedding(c)
  const head = bindHead(c, embedding.tokens)
  const tokenIds = c.tape.allocate(c.batchSize * c.sequenceLength * tokenIdWidth)
  const hidden = runStacks(c, options, recorder, embedding)
  headAndLoss(c, recorder, hidden, head)
  recorder.finishBackward()
  c.tape.memory.release(tokenIds)
  return { moments: recorder.moments(), written: recorder.written() }
}

function runStacks(
  c: StepContext,
  options: TrainingStepOptions,
  recorder: StepRecorder,
  embedding: BoundEmbedding,
): Value {
  const stacks = stacksOf(c, options)
  let encoded: Value | null = null
  for (const stack of stacks) {
    const output = runStack(c, options, recorder, embedding, stack, encoded)
    encoded = output
  }
  if (!encoded) throw new Error('a model without layers')
  return encoded
}

function stacksOf(c: StepContext, options: TrainingStepOptions): readonly Stack[] {
  const a = c.architecture
  const runs = layerRuns(a)
  const isSequenceToSequence = a.structure === 'encoderDecoder'
  // Without checkpointing, the first layer's input needs no gradient under LoRA, and it saves less.
  const firstDiffers = isSequenceToSequence || (!c.baseTrainable && !options.checkpointing)
  const expand = (kind: BoundLayer['kind'], count: number, isFirst: boolean) => {
    if (options.unrolled) {
      return Array.from({ length: count }, () => ({ layer: bindLayer(c, kind), count: 1 }))
    }
    const parts = [
      ...(isFirst && firstDiffers && count > 1 ? [1] : []),
      // The last layer's backward is the first to leave gradients with what the stack shares.
      ...(isSequenceToSequence && count > 2 ? [count - 2, 1] : []),
    ]
    const rest = count - parts.reduce((sum, part) => sum + part, 0)
    return [...parts, ...(rest > 0 ? [rest] : [])].map((part) => ({
      layer: bindLayer(c, kind),
      count: part,
    }))
  }
  if (isSequenceToSequence) {
    return runs.map(({ kind, count }) => ({
      label: `${kind} layers`,
      length: kind === 'encoder' ? c.encoderLength : c.sequenceLength,
      runs: expand(kind, count, true),
      norm: a.norm.final ? bindNorm(c) : null,
    }))
  }
  return [
    {
      label: 'layers',
      length: c.sequenceLength,
      runs: runs.flatMap(({ kind, count }, index) => expand(kind, count, index === 0)),
      norm: a.norm.final ? bindNorm(c) : null,
    },
  ]
}

function runStack(
  c: StepContext,
  options: TrainingStepOptions,
  recorder: StepRecorder,
  embedding: BoundEmbedding,
  stack: Stack,
  encoded: Value | null,
): Value {
  const t = c.tape
  recorder.forward('embedding')
  const needsInputGradient = options.checkpointing && !c.baseTrainable
  // The stacks of bart share their token embeddings and nothing else.
  const own = encoded ? { ...bindEmbedding(c), tokens: embedding.tokens } : embedding
  const { hidden: embedded, heldByFrame } = embed(c, own, stack.length, needsInputGradient)
  let hidden = embedded
  const isCausal = c.architecture.structure !== 'encoder' && encoded !== null
  const isEncoder = c.architecture.structure === 'encoderDecoder' && encoded === null
  const shared = stackTensors(c, stack.length, embedded.width, isEncoder)
  const self: StackContext = {
    queryLength: stack.length,
    keyLength: stack.length,
    mask: shared.mask !== null,
    boolMask: shared.boolMask !== null,
    bias: relativeBias(c, stack.length, stack.length, true),
    positionWidth: embedded.width,
  }
  const cross: StackContext | null =
    encoded && isCausal
      ? {
          ...self,
          keyLength: c.encoderLength,
          mask: false,
          // Under checkpointing t5 asks for a gradient of this constant as well.
          bias: relativeBias(c, stack.length, c.encoderLength, options.checkpointing),
        }
      : null
  if (options.checkpointing) {
    // Arguments of every layer (t5 hands biases from layer to layer): they stay until the first one
    // has been run again.
    const biases = [self.bias, cross?.bias ?? null].filter((each) => each !== null)
    t.record([...shared.all, ...biases.map(({ storage }) => storage)], () => undefined)
  }
  for (const { layer: bound, count } of stack.runs) {
    const run = recorder.beginRun(stack.label, count)
    const input = { x: hidden, stack: self, encoded, crossStack: cross }
    const output = options.checkpointing
      ? checkpointed(c, options, bound, input, bound === stack.runs[0]?.layer)
      : layer(c, bound, input)
    t.drop(hidden)
    recorder.endRun(
      run,
      heldByFrame.includes(hidden) && hidden.storage.holders === 1 ? hidden : null,
    )
    hidden = output
  }
  recorder.forward(stack.label)
  if (stack.norm) {
    const normed = normalise(t, hidden, stack.norm)
    t.drop(hidden)
    hidden = normed
  }
  // t5 drops out of its last norm as well.
  if (c.architecture.norm.type === 'rmsT5') {
    const dropped = dropout(t, hidden, c.architecture.residualDropout)
    t.drop(hidden)
    hidden = dropped
  }
  for (const each of heldByFrame) t.drop(each)
  for (const each of shared.all) t.memory.release(each)
  if (self.bias) t.drop(self.bias)
  if (cross?.bias) t.drop(cross.bias)
  return hidden
}

type LayerInput = Parameters<typeof layer>[2]

/**
 * A layer of which only the input is kept (torch.utils.checkpoint, non-reentrant): its backward runs
 * the forward again up to the last tensor that is needed, then the ordinary backward.
 */
function checkpointed(
  c: StepContext,
  options: TrainingStepOptions,
  bound: BoundLayer,
  input: LayerInput,
  isFirst: boolean,
): Value {
  const t = c.tape
  const { value, savedCount } = t.discarding(() => layer(c, bound, input))
  if (value.node === null) return value
  const isOffloaded = options.offloadCheckpoints
  const kept = isOffloaded ? [] : [input.x.storage]
  if (input.encoded) kept.push(input.encoded.storage)
  // t5's first layer makes the position biases, so it makes them once more.
  const biases = [input.stack.bias, input.crossStack?.bias ?? null].filter((each) => each !== null)
  const node = t.recordConsuming(kept, (gradient) => {
    const back = isOffloaded ? t.allocate(input.x.elements * input.x.width) : null
    const remade = isFirst ? biases.map(({ storage }) => t.allocate(storage.bytes)) : []
    const start = t.position
    const collect = (x: Value | null) =>
      x?.node
        ? { ...x, node: t.record([], (arrived) => t.emit(x.node, t.memory.hold(arrived))) }
        : x
    const x = collect(input.x) ?? input.x
    const inputs = {
      ...input,
      x: back ? { ...x, storage: back } : x,
      encoded: collect(input.encoded),
    }
    const output = t.recomputing(savedCount, () => layer(c, bound, inputs))
    t.drop(output)
    t.leaveAutocast()
    t.seed(output.node, gradient)
    t.backwardTo(start)
    for (const each of remade) t.memory.release(each)
    if (back) t.memory.release(back)
  })
  return { ...value, node }
}

function headAndLoss(c: StepContext, recorder: StepRecorder, hidden: Value, head: BoundHead): void {
  const t = c.tape
  const a = c.architecture
  recorder.forward('output head')
  let x = hidden
  if (a.head.scaled) {
    x = scale(t, hidden)
    t.drop(hidden)
  }
  const share = a.head.transform ? null : headShare(c)
  const used = share === null || share === 1 ? x : { ...x, elements: x.elements * share }
  t.keep(used)
  const logits = logitsOf(c, used, head)
  recorder.loss('loss')
  const upcast = c.head === 'causalLm' || t.options.autocastWidth !== null
  const loss = crossEntropy(c, logits, upcast)
  t.drop(x)
  t.drop(loss)
  recorder.leaveAutocast()
  recorder.beginBackward('loss and output head')
  t.seed(loss.node, t.allocate(0))
}

/** Share of the positions that get logits at once. */
function headShare(c: StepContext): number {
  if (c.head === 'sequenceClassification' || c.trainedLogits === 'last') {
    return 1 / c.sequenceLength
  }
  if (!c.chunkedLoss) return 1
  const ratio = c.architecture.embedding.vocabSize / c.architecture.hiddenSize
  return 1 / 2 ** Math.max(0, Math.ceil(Math.log2(ratio)))
}
