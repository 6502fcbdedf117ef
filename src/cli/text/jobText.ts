import type { Job, JobMethod, JobQuantization } from '../../core/estimate/job'

/** A job in one line: what is done, in which types, over how much, on how many GPUs. */
export function jobText(job: Job): string {
  const parts = [
    job.task === 'train' ? `training, ${methodText(job.method)}` : 'inference',
    job.precision,
    ...(job.quantization ? [`weights ${quantizationText(job.quantization)}`] : []),
    ...(job.task === 'train' ? trainParts(job) : inferParts(job)),
    `${job.attention} attention`,
    ...(job.gpuCount > 1 ? [`${job.gpuCount} GPUs, ${job.sharding} sharding`] : []),
    ...(job.offload === 'none' ? [] : [`offload ${job.offload}`]),
  ]
  return parts.join(' · ')
}

function methodText(method: JobMethod): string {
  if (method.type === 'full') return 'full'
  const name = method.type === 'lora' ? 'LoRA' : 'QLoRA'
  const { targets } = method
  const on = targets === 'all-linear' ? 'all linear layers' : targets.join(', ')
  return `${name} of rank ${method.rank} on ${on}`
}

function quantizationText({ scheme, bits, ggufType }: JobQuantization): string {
  if (scheme === 'gguf') return `GGUF ${ggufType ?? ''}`.trim()
  const isSaid = bits !== null && !/\d/.test(scheme)
  return isSaid ? `${scheme} ${bits} bit` : scheme
}

function trainParts(job: Extract<Job, { task: 'train' }>): string[] {
  const steps = job.gradientAccumulationSteps
  return [
    job.optimizer,
    `batch ${job.batchSize}${steps > 1 ? ` × ${steps}` : ''} × ${job.sequenceLength} tokens`,
    job.checkpointing === 'none' ? 'no checkpointing' : `checkpointing ${job.checkpointing}`,
  ]
}

function inferParts(job: Extract<Job, { task: 'infer' }>): string[] {
  const kv = job.kvPrecision === 'same' ? [] : [`KV cache ${job.kvPrecision}`]
  return [
    `batch ${job.batchSize}, prompt ${job.promptLength}, generated ${job.generatedLength} tokens`,
    ...kv,
  ]
}
