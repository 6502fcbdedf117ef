import type { Estimate } from '../../src/core/estimate/estimate'
import { estimateMemory, explainEstimate } from '../../src/core/estimate/estimateMemory'
import { parseJob } from '../../src/core/estimate/job'
import { MiB } from '../../src/core/units'
import { configOf } from './publishedModels'
import type { PublishedRow } from './publishedRows'

/** Which figure of an estimate means what a source measured. */
export type Tier = 'allocated' | 'reserved' | 'process' | 'kv' | 'file' | 'params' | 'terms'

export interface PublishedScore {
  readonly row: PublishedRow
  readonly tier: Tier
  readonly predicted: number
}

export interface NoJob {
  readonly row: PublishedRow
  readonly reason: string
}

type Fields = Readonly<Record<string, unknown>>

/** The row's estimate beside what was measured, or why it becomes no Job. */
export function scorePublished(row: PublishedRow): PublishedScore | NoJob {
  const config = configOf(row)
  if (config === null) {
    return {
      row,
      reason: 'no model: the CUDA context alone, which the estimate adds as a constant',
    }
  }
  const scored = (tier: Tier, predicted: number) => ({ row, tier, predicted })
  switch (row.source) {
    case 'accelerate':
      return scoreWeightsOnly(row, config, scored)
    case 'params':
      return scored('params', parameters(row, config))
    case 'gguf':
    case 'llamacpp':
    case 'vllm':
    case 'lmdeploy':
      return scoreServing(row, config, scored)
    case 'autoawq':
    case 'qwen2':
    case 'qwen2.5':
      return scored(
        'allocated',
        overCards(row, estimate(generation(row, config)), 'tensorsPeakBytes'),
      )
    case 'overhead':
      return scored('terms', hiddenStateCopies(config, row))
    default:
      return scoreTraining(row, config, scored)
  }
}

const estimate = (fields: Fields): Estimate => estimateMemory(parseJob({ id: null, ...fields }))

/**
 * A figure summed over the GPUs that share a model's layers one after the other: weights, states and
 * cache are there once, what comes and goes in a layer once on each of them.
 */
function overCards(
  row: PublishedRow,
  { terms, ...rest }: Estimate,
  figure: 'tensorsPeakBytes' | 'reservedPeakBytes',
): number {
  const cards = Number(/(\d+) x A100/.exec(row.text('parallelism'))?.[1] ?? 1)
  const slack = rest.reservedPeakBytes - rest.tensorsPeakBytes
  // In the optimizer's step each card works on its own share alone.
  const isStep = rest.peakPhase === 'optimizer'
  const changing = isStep ? 0 : terms.activationsBytes + terms.temporaryBytes
  const more = figure === 'tensorsPeakBytes' ? changing : changing + (isStep ? 0 : slack)
  return rest[figure] + (cards - 1) * more
}

/** hf-perf's page also measured the context alone (its row 001), as a probe of the machine would. */
const process = (fields: Fields): number =>
  estimateMemory(parseJob({ id: null, ...fields }), { contextBytes: 1343 * MiB }).totalPeakBytes

type Scored = (tier: Tier, predicted: number) => PublishedScore

function scoreWeightsOnly(row: PublishedRow, config: Fields, scored: Scored) {
  const precision = { fp32: 'fp32', float32: 'fp32', float16: 'fp16' }[row.text('precision')]
  if (precision === undefined) {
    const reason = 'accelerate divides every weight by 4 or 8; nothing is stored so'
    return { row, reason }
  }
  const head = 'sequenceClassification'
  const job = { task: 'infer', model: { config }, head, precision, promptLength: 1 }
  return scored('allocated', estimate(job).terms.weightsBytes)
}

function parameters(row: PublishedRow, config: Fields): number {
  const isPooled = row.text('model').startsWith('bert')
  const found = estimate({ task: 'infer', model: { config }, promptLength: 1 }).parameterCount
  if (!isPooled) return found
  // bert without a head: pooler, and neither the prediction head's dense layer, norm nor bias.
  const [hidden, vocab] = [row.number('hidden'), row.number('vocab')]
  return found - (hidden * hidden + hidden + 2 * hidden + vocab) + hidden * hidden + hidden
}

function scoreServing(row: PublishedRow, config: Fields, scored: Scored): PublishedScore | NoJob {
  const model = { config }
  if (row.kind === 'kv') {
    const tokens = Number(/^(\d+)/.exec(row.text('seq') || row.text('batch'))?.[1])
    const job = { task: 'infer', model, promptLength: tokens - 1, generatedLength: 1 }
    return scored('kv', estimate({ ...job, precision: 'fp16' }).terms.kvCacheBytes)
  }
  if (/compute buffer/.test(row.measured)) {
    return { row, reason: "llama.cpp's compute buffer: no Job has that runtime" }
  }
  if (/CUDA model buffer/.test(row.measured)) {
    return { row, reason: 'llama.cpp keeps the token embedding on the host; no Job says so' }
  }
  const ggufType = row.text('precision')
  const quantization = { scheme: 'gguf', ggufType }
  const job = { task: 'infer', model, quantization, promptLength: 1 }
  return scored('file', estimate(job).terms.weightsBytes)
}

function generation(row: PublishedRow, config: Fields): Fields {
  const precision = row.text('precision')
  const [promptLength, generatedLength] = [...row.text('seq').matchAll(/\d+/g)].map(Number)
  const scheme = /awq|gptq/.exec(precision)?.[0]
  const isFused = row.source === 'autoawq'
  return {
    task: 'infer',
    model: { config },
    precision: isFused ? 'fp16' : 'bf16',
    batchSize: row.number('batch'),
    promptLength,
    generatedLength,
    // AutoAWQ's fused modules allocate the cache for the whole length.
    kvAllocation: isFused ? 'static' : 'grow',
    attention: isFused ? 'eager' : 'sdpa',
    // transformers before 4.45 make fp32 logits of the whole prompt.
    logits: row.source === 'qwen2.5' ? 'last' : 'all',
    quantization:
      scheme === undefined
        ? null
        : { scheme, bits: precision.startsWith('int8') ? 8 : 4, groupSize: 128 },
  }
}

/** Activations of one more layer, in tensors of batch × sequence × hidden × 2 bytes. */
function hiddenStateCopies(config: Fields, row: PublishedRow): number {
  const sequenceLength = Number(row.text('seq') || 32_384)
  const keptBy = (layers: number): number => {
    const model = { config: { ...config, num_hidden_layers: layers } }
    const job = parseJob({ id: null, task: 'train', model, sequenceLength, batchSize: 1 })
    const loss = explainEstimate(job).timeline.filter(({ phase }) => phase === 'loss')
    return Math.max(...loss.map(({ terms }) => terms.activationsBytes))
  }
  // What was measured includes the layer's output, which its caller held.
  return 1 + (keptBy(3) - keptBy(2)) / (2 * sequenceLength * Number(config['hidden_size']))
}

function scoreTraining(row: PublishedRow, config: Fields, scored: Scored): PublishedScore | NoJob {
  const job = training(row, config)
  if (row.source === 'hf-perf') {
    if (row.kind === 'infer') {
      const weights = { task: 'infer', model: { config }, precision: 'fp32', promptLength: 1 }
      const head = 'sequenceClassification'
      return scored('process', process({ ...weights, head }))
    }
    return scored('process', process(job))
  }
  if (row.source === 'swift') {
    return scored('reserved', overCards(row, estimate(job), 'reservedPeakBytes'))
  }
  if (/after model init/.test(row.measured)) {
    return scored('allocated', estimate(job).terms.weightsBytes)
  }
  if (row.text('parallelism') === 'logical total') return scored('terms', logicalTotal(row, job))
  return scored('allocated', estimate(job).tensorsPeakBytes)
}

/** LOMO's table adds up what is largest at different moments. */
function logicalTotal(row: PublishedRow, job: Fields): number {
  const { phases } = estimate(job)
  const largest = (name: 'weights' | 'gradients' | 'optimizerStates' | 'activations'): number =>
    Math.max(...phases.map(({ terms }) => terms[`${name}Bytes`]))
  if (row.measured.endsWith('params')) return largest('weights')
  if (/split: gradients/.test(row.measured)) return largest('gradients')
  if (/split: optimizer/.test(row.measured)) return largest('optimizerStates')
  if (/split: activations/.test(row.measured)) return largest('activations')
  return (
    largest('weights') + largest('gradients') + largest('optimizerStates') + largest('activations')
  )
}

function training(row: PublishedRow, config: Fields): Fields {
  const method = row.text('method')
  const checkpointing = row.text('checkpointing')
  const parallelism = row.text('parallelism')
  const isSwift = row.source === 'swift'
  const cards = Number(/(\d+) x A100/.exec(parallelism)?.[1] ?? 1)
  const batch = row.number('batch')
  const sequence = Number.parseInt(row.text('seq'), 10)
  return {
    task: 'train',
    model: { config: configFor(row, config) },
    ...(row.source === 'hf-perf' ? { head: 'sequenceClassification' } : {}),
    method: methodOf(row),
    ...precisionOf(row),
    quantization: quantizationOf(row),
    optimizer: optimizerOf(row),
    optimizerInBackward: /fused in backward|LOMO/.test(row.text('optimizer')),
    batchSize: Number.isNaN(batch) ? 1 : batch,
    sequenceLength: Number.isNaN(sequence) ? 512 : sequence,
    gradientAccumulationSteps: accumulationOf(row),
    checkpointing: /offload/.test(checkpointing)
      ? 'offload'
      : checkpointing.startsWith('yes')
        ? 'layer'
        : 'none',
    attention: isEager(row) ? 'eager' : 'sdpa',
    loss: isChunked(row) ? 'chunked' : 'full',
    ...(isSwift || !/FSDP/.test(parallelism) ? {} : { gpuCount: cards, sharding: 'zero3' }),
    ...(method === '' ? { method: { type: 'full' } } : {}),
  }
}

/** litgpt's configurations gather 32 sequences in batches of the stated size. */
function accumulationOf(row: PublishedRow): number {
  if (row.source === 'litgpt-hub') return 32 / row.number('batch')
  return Number(/grad-accum (\d+)/.exec(row.text('notes'))?.[1] ?? 1)
}

/** litgpt unties the head, and computes phi-2's GELU by the fused kernel. */
function configFor(row: PublishedRow, config: Fields): Fields {
  if (row.source !== 'litgpt-hub') return config
  const isPhi2 = row.text('model').endsWith('phi-2')
  return {
    ...config,
    tie_word_embeddings: false,
    ...(isPhi2 ? { hidden_act: 'gelu_pytorch_tanh' } : {}),
  }
}

/** transformers of 2022 and 2023 knew no fused attention. */
function isEager(row: PublishedRow): boolean {
  return (
    row.source === 'hf-perf' || row.source === 'lomo' || /flash-attn=no/.test(row.text('notes'))
  )
}

/** torchtune where the row says so. */
function isChunked(row: PublishedRow): boolean {
  const order = Number(row.id.replace(/^torchtune-0*/, ''))
  return order >= 4 && order <= 10
}

function methodOf(row: PublishedRow): Fields {
  const method = row.text('method')
  if (method.startsWith('full') || method === '') return { type: 'full' }
  const type = method.startsWith('QLoRA') ? 'qlora' : 'lora'
  const rank = Number(
    /(?:lora_rank |lora_r=|r=)(\d+)/.exec(`${method} ${row.text('notes')}`)?.[1] ?? 8,
  )
  const adapterPrecision = row.source === 'swift' ? 'fp32' : 'same'
  // The default of both programs' configurations.
  const dropout = row.source === 'swift' || row.source === 'litgpt-hub' ? 0.05 : 0
  return { type, rank, adapterPrecision, dropout, targets: targetsOf(row) }
}

function targetsOf(row: PublishedRow): 'all-linear' | readonly string[] {
  const method = row.text('method')
  if (/all linear/.test(method)) return 'all-linear'
  const model = row.text('model')
  const isFused = /falcon|stablelm|Phi-3/.test(model)
  const fused = /Phi-3/.test(model) ? 'qkv_proj' : 'query_key_value'
  const qkv = isFused ? [fused] : ['q_proj', 'k_proj', 'v_proj']
  if (row.source === 'swift' || /q,k,v/.test(method)) return qkv
  if (/mlp/.test(row.text('notes'))) return 'all-linear'
  // torchtune's recipe adapts query, value and the output projection unless told otherwise.
  return isFused ? qkv : ['q_proj', 'v_proj']
}

function precisionOf(row: PublishedRow): Fields {
  const precision = row.text('precision')
  if (row.source === 'lomo') {
    const isMixed = /mixed/.test(precision) && !/LOMO/.test(row.text('optimizer'))
    return isMixed
      ? { precision: 'fp16', masterWeights: 'fp32', optimizerStatePrecision: 'fp32' }
      : { precision: 'fp16' }
  }
  if (/AMP/.test(precision)) return { precision: 'amp-fp16' }
  return { precision: precision === 'fp32' ? 'fp32' : 'bf16' }
}

function quantizationOf(row: PublishedRow): Fields | null {
  const precision = row.text('precision')
  const bits = precision.startsWith('int8') ? 8 : 4
  if (/gptq/.test(precision)) return { scheme: 'gptq', bits, groupSize: 128 }
  if (/nf4|bnb/.test(precision)) return { scheme: 'nf4' }
  return null
}

function optimizerOf(row: PublishedRow): string {
  const optimizer = row.text('optimizer')
  if (/8-bit/.test(optimizer)) return 'adamw-8bit'
  if (/Adafactor/.test(optimizer)) return 'adafactor'
  if (/SGD|LOMO/.test(optimizer) || /SGD/.test(row.measured)) return 'sgd'
  // transformers' own AdamW of 2022 and 2023 walks over the tensors one by one.
  if (row.source === 'hf-perf' || row.source === 'lomo') return 'adamw-fused'
  return row.source === 'torchtune' ? 'adamw-fused' : 'adamw-foreach'
}
