import type { Architecture, ModelHead } from '../models/architecture'
import { layerRuns } from '../models/layerShape'
import type { InferPhase } from './estimate'
import { bindLayer, bindNorm } from './forward/boundLayer'
import { bindEmbedding, embed, tokenIdWidth } from './forward/embed'
import { layer } from './forward/layer'
import { normalise } from './forward/normalise'
import { bindHead, logitsOf } from './forward/outputHead'
import { relativeBias, stackTensors } from './forward/stackTensors'
import type { InferJob } from './job'
import { cast } from './tape/operators'
import { type StoredWeights, storedWeights } from './modelWeights'
import { precisionWidths } from './precisionWidths'
import { inferenceContext } from './stepContextOf'

export interface InferMoment {
  readonly phase: InferPhase
  readonly label: string
  readonly activationsBytes: number
  readonly temporaryBytes: number
  readonly kvCacheBytes: number
}

export interface InferMemory {
  readonly weights: StoredWeights
  readonly moments: readonly InferMoment[]
  /** What the operators of one pass write: of the prompt's, and of one token's. */
  readonly written: { readonly prefill: number; readonly decode: number }
}

const fp32 = 4

const kvWidths: Readonly<Record<Exclude<InferJob['kvPrecision'], 'same'>, number>> = {
  fp32: 4,
  fp16: 2,
  bf16: 2,
  fp8: 1,
  int8: 1,
  int4: 0.5,
}

/** Bytes of one element of the cache. */
export function kvWidth(job: InferJob): number {
  if (job.kvPrecision !== 'same') return kvWidths[job.kvPrecision]
  const { weight, autocast } = precisionWidths(job.precision)
  return autocast ?? weight
}

/**
 * Keys and values of `tokens` tokens of every sequence: 2 × layers × heads × head size × tokens.
 * Layers with a sliding window keep at most that many tokens; DeepSeek's latent attention keeps one
 * compressed vector and the rotary part per layer and token (DeepSeek-V2, §2.1.2). 0 for encoders.
 */
export function kvCacheBytes(job: InferJob, a: Architecture, tokens: number): number {
  if (a.structure === 'encoder') return 0
  const { keyValueHeadCount, headSize, latent, slidingWindow } = a.attention
  const perToken = latent
    ? latent.keyValueRank + latent.ropeHeadSize
    : 2 * keyValueHeadCount * headSize
  const layers = a.structure === 'encoderDecoder' ? a.decoderLayerCount : a.layerCount
  const windowed = slidingWindow ? Math.min(slidingWindow.layerCount, layers) : 0
  const seen = slidingWindow ? Math.min(slidingWindow.size, tokens) : tokens
  // The decoder of an encoder–decoder also keeps keys and values of what the encoder saw.
  const crossTokens = a.structure === 'encoderDecoder' ? layers * job.promptLength : 0
  const tokenLayers = (layers - windowed) * tokens + windowed * seen + crossTokens
  return job.batchSize * perToken * tokenLayers * kvWidth(job)
}

/** Live bytes of loading, of the prompt's pass and of the last generated token's. */
export function inferMemory(job: InferJob, a: Architecture, head: ModelHead): InferMemory {
  const { weight } = precisionWidths(job.precision)
  const weights = storedWeights(a, head, job.quantization, weight)
  const total = job.promptLength + job.generatedLength
  const isStatic = job.kvAllocation === 'static'
  const generates = job.generatedLength > 0 || isStatic
  const capacity = isStatic ? (job.maxLength ?? total) : null
  const cache = (tokens: number) => (generates ? kvCacheBytes(job, a, capacity ?? tokens) : 0)
  const isSeq2seq = a.structure === 'encoderDecoder'
  const promptCache = cache(isSeq2seq ? 1 : job.promptLength)
  const prefill = forwardPass(job, a, head, isSeq2seq ? 1 : job.promptLength, job.promptLength)
  const moments: InferMoment[] = [
    moment('load', 'weights', 0, 0, capacity === null ? 0 : promptCache),
    moment('prefill', 'prompt', prefill.peakBytes, 0, promptCache),
  ]
  let decodeBytes = 0
  if (job.generatedLength > 0) {
    const last = cache(isSeq2seq ? job.generatedLength : total)
    // Growing a cache copies one layer's keys, then its values, into longer tensors.
    const layers = Math.max(1, isSeq2seq ? a.decoderLayerCount : a.layerCount)
    const growing = isStatic ? 0 : last / layers / 2
    const length = isSeq2seq ? job.generatedLength : total
    const decode = forwardPass(job, a, head, 1, length)
    decodeBytes = decode.writtenBytes
    moments.push(moment('decode', 'last token', decode.peakBytes, growing, last))
  }
  return { weights, moments, written: { prefill: prefill.writtenBytes, decode: decodeBytes } }
}

function moment(
  phase: InferPhase,
  label: string,
  activationsBytes: number,
  temporaryBytes: number,
  kvBytes: number,
): InferMoment {
  return { phase, label, activationsBytes, temporaryBytes, kvCacheBytes: kvBytes }
}

/**
 * What one forward pass without gradients allocates, at its peak and in all; `length` tokens look at
 * `keyLength`.
 */
function forwardPass(
  job: InferJob,
  a: Architecture,
  head: ModelHead,
  length: number,
  keyLength: number,
): { readonly peakBytes: number; readonly writtenBytes: number } {
  const c = inferenceContext(job, a, head, length)
  const t = c.tape
  const segment = t.memory.enter('forward pass')
  t.allocate(job.batchSize * length * tokenIdWidth)
  const bound = bindEmbedding(c)
  const isSeq2seq = a.structure === 'encoderDecoder'
  const lengths = isSeq2seq ? [job.promptLength, length] : [length]
  let encoded: ReturnType<typeof embed>['hidden'] | null = null
  let hidden = null
  // Of equal layers one is simulated, and writes for all.
  let writtenByOthers = 0
  for (const [index, stackLength] of lengths.entries()) {
    const isDecoder = index === lengths.length - 1
    const { hidden: embedded, heldByFrame } = embed(c, bound, stackLength)
    const shared = stackTensors(c, stackLength, embedded.width, !isDecoder)
    const keys = isDecoder ? keyLength : stackLength
    const self = {
      queryLength: stackLength,
      keyLength: keys,
      mask: shared.mask !== null,
      boolMask: shared.boolMask !== null,
      bias: relativeBias(c, stackLength, keys, false),
      positionWidth: embedded.width,
    }
    let x = embedded
    for (const { kind, count } of layerRuns(a)) {
      if (isSeq2seq && (kind === 'decoder') !== isDecoder) continue
      const crossStack = encoded ? { ...self, keyLength: job.promptLength, mask: false } : null
      const before = segment.writtenBytes
      const next = layer(c, bindLayer(c, kind), { x, stack: self, encoded, crossStack })
      writtenByOthers += (count - 1) * (segment.writtenBytes - before)
      t.drop(x)
      x = next
    }
    if (a.norm.final) {
      const normed = normalise(t, x, bindNorm(c))
      t.drop(x)
      x = normed
    }
    for (const each of heldByFrame) t.drop(each)
    for (const each of shared.all) t.memory.release(each)
    if (self.bias) t.drop(self.bias)
    if (isDecoder) hidden = x
    else encoded = x
  }
  if (hidden) {
    const wanted = c.trainedLogits === 'last' && head !== 'maskedLm' ? 1 / length : 1
    const used = wanted === 1 ? hidden : { ...hidden, elements: hidden.elements * wanted }
    const logits = logitsOf(c, used, bindHead(c, bound.tokens))
    // Versions of transformers that return logits of all positions make fp32 of them (before 4.45).
    if (wanted === 1 && c.head === 'causalLm') t.drop(cast(t, logits, fp32))
  }
  return {
    peakBytes: segment.peakBytes,
    writtenBytes: segment.writtenBytes + writtenByOthers,
  }
}
