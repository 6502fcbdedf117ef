import type { Architecture } from '../models/architecture'
import { formatBytes } from '../units'
import type { ExplainedTerm } from './explain'
import type { Fragmentation } from './fragmentation'
import { kvWidth } from './inferMemory'
import type { Job, TrainJob } from './job'
import type { MemoryTerms } from './memoryTerms'
import { headOf } from './resolvedModel'
import { cudaContext } from './runtimeOverhead'
import { precisionWidths } from './precisionWidths'
import { heldMemory } from './trainMemory'

/** Every term that is not 0, with the arithmetic that led to it. */
export function explainTerms(
  job: Job,
  a: Architecture,
  terms: MemoryTerms,
  contextBytes: number,
  fragmentation: Fragmentation,
): readonly ExplainedTerm[] {
  const lines =
    job.task === 'train'
      ? [...trainedTerms(job, a, terms), ...stepTerms(job, a, terms)]
      : inferredTerms(job, a, terms)
  lines.push({
    term: 'runtimeOverheadBytes',
    symbol: 'M_runtime',
    formula: 'context + workspaces + allocator slack',
    substituted: `${formatBytes(contextBytes)} + ${formatBytes(terms.runtimeOverheadBytes - contextBytes)} (${fragmentation.share} of what changes in the step, and pools)`,
    bytes: terms.runtimeOverheadBytes,
    source: `${cudaContext.source}; ${fragmentation.source}`,
  })
  return lines.filter(({ bytes }) => bytes > 0)
}

function trainedTerms(job: TrainJob, a: Architecture, terms: MemoryTerms): ExplainedTerm[] {
  const held = heldMemory(job, a, headOf(job, a))
  const { weight } = precisionWidths(job.precision)
  const { base, trainableParameterCount: trained, optimizer } = held
  const quantized = base.quantizedCount > 0
  const split = job.gpuCount > 1 ? `, on one of ${job.gpuCount} GPUs (${job.sharding})` : ''
  return [
    {
      term: 'weightsBytes',
      symbol: 'M_weights',
      formula: quantized ? 'N_q × b_q + (N − N_q) × b' : 'N × b',
      substituted: quantized
        ? `${base.quantizedCount} × ${(base.quantizedBytes / base.quantizedCount).toFixed(4)} B + ${base.parameterCount - base.quantizedCount} × ${base.bytes > base.quantizedBytes ? (base.bytes - base.quantizedBytes) / (base.parameterCount - base.quantizedCount) : weight} B${split}`
        : `${base.parameterCount} × ${weight} B${adapterPart(held.weightsBytes - base.bytes)}${split}`,
      bytes: terms.weightsBytes,
      source: 'shapes of config.json; storage of the scheme (docs/estimator.md, weights)',
    },
    {
      term: 'gradientsBytes',
      symbol: 'M_gradients',
      formula: 'N_t × b, as far as they exist at the peak',
      substituted: `${trained} × ${held.gradientsBytes / Math.max(1, trained)} B${split}`,
      bytes: terms.gradientsBytes,
      source: 'PyTorch makes a parameter’s gradient in its own type when backward reaches it',
    },
    {
      term: 'optimizerStatesBytes',
      symbol: 'M_states',
      formula: optimizer.formula + (held.masterBytes > 0 ? ' + N_t × 4' : ''),
      substituted: `N = ${trained}${split}`,
      bytes: terms.optimizerStatesBytes,
      source: optimizer.source,
    },
  ]
}

function adapterPart(bytes: number): string {
  return bytes > 0 ? ` + ${bytes} B of adapters` : ''
}

function stepTerms(job: TrainJob, a: Architecture, terms: MemoryTerms): ExplainedTerm[] {
  const shape = `batch ${job.batchSize} × ${job.sequenceLength} tokens × ${a.layerCount + a.decoderLayerCount} layers`
  return [
    {
      term: 'activationsBytes',
      symbol: 'M_activations',
      formula: 'Σ tensors that forward leaves for backward',
      substituted: `${shape}, ${job.attention} attention, checkpointing ${job.checkpointing}`,
      bytes: terms.activationsBytes,
      source:
        'pytorch tools/autograd/derivatives.yaml and transformers modeling code, walked in order',
    },
    {
      term: 'temporaryBytes',
      symbol: 'M_temporary',
      formula: 'Σ gradients of activations and buffers alive at the peak',
      substituted: shape,
      bytes: terms.temporaryBytes,
      source: 'PyTorch’s autograd engine: nodes run newest first, gradients freed when used',
    },
  ]
}

function inferredTerms(
  job: Extract<Job, { task: 'infer' }>,
  a: Architecture,
  terms: MemoryTerms,
): ExplainedTerm[] {
  const { keyValueHeadCount, headSize, latent } = a.attention
  const perToken = latent
    ? `(${latent.keyValueRank} + ${latent.ropeHeadSize})`
    : `2 × ${keyValueHeadCount} heads × ${headSize}`
  const layers = a.structure === 'encoderDecoder' ? a.decoderLayerCount : a.layerCount
  return [
    {
      term: 'weightsBytes',
      symbol: 'M_weights',
      formula: 'N × b',
      substituted: `${job.quantization?.scheme ?? job.precision}`,
      bytes: terms.weightsBytes,
      source: 'shapes of config.json; storage of the scheme (docs/estimator.md, weights)',
    },
    {
      term: 'kvCacheBytes',
      symbol: 'M_kv',
      formula: 'batch × layers × 2 × h_kv × d × tokens × b',
      substituted: `${job.batchSize} × ${layers} × ${perToken} × ${job.maxLength ?? job.promptLength + job.generatedLength} × ${kvWidth(job)} B`,
      bytes: terms.kvCacheBytes,
      source:
        'keys and values of every token and layer; a sliding window keeps no more than itself',
    },
    {
      term: 'activationsBytes',
      symbol: 'M_activations',
      formula: 'largest set of tensors alive in one forward pass',
      substituted: `batch ${job.batchSize} × ${job.promptLength} tokens`,
      bytes: terms.activationsBytes,
      source: 'transformers modeling code, walked in order without a graph',
    },
    {
      term: 'temporaryBytes',
      symbol: 'M_temporary',
      formula: 'one layer’s keys, copied into a longer tensor',
      substituted: `${a.layerCount + a.decoderLayerCount} layers`,
      bytes: terms.temporaryBytes,
      source: 'transformers DynamicCache.update: torch.cat',
    },
  ]
}
