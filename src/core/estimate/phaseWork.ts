import type { Architecture, ModelHead } from '../models/architecture'
import type { TimePhaseName } from './estimate'
import { type InferMemory, kvCacheBytes } from './inferMemory'
import type { InferJob, TrainJob } from './job'
import { optimizerWork } from './optimizerWork'
import { decodeFlops, prefillFlops, trainingFlops } from './stepFlops'
import type { TrainMemory } from './trainMemory'
import { weightBytesRead } from './weightTraffic'

/**
 * What each phase of a step has to do. An operator's result is written once and read once by the
 * next operator, so tensors move twice what the simulated step allocates; weights are read once a
 * pass; backward also reads what forward saved.
 */
export interface PhaseWork {
  readonly phase: TimePhaseName
  /** How often a step goes through it: micro-batches, generated tokens. */
  readonly passes: number
  /** Of all passes together, as `bytes`. */
  readonly flops: number
  readonly bytes: number
}

/** Forward, loss, forward again under checkpointing, backward, and the optimizer's step. */
export function trainWork(
  job: TrainJob,
  a: Architecture,
  head: ModelHead,
  { held, written }: TrainMemory,
): readonly PhaseWork[] {
  const passes = job.gradientAccumulationSteps
  const flops = trainingFlops(job, a, head)
  const adapterBytes = held.weightsBytes - held.base.bytes - a.bufferBytes
  const weights =
    weightBytesRead(held.base, a, head, job.batchSize * job.sequenceLength) + adapterBytes
  // Adding to a gradient that is there reads and writes it.
  const accumulated = passes > 1 ? 2 * held.gradientsBytes : 0
  const works: readonly PhaseWork[] = [
    { phase: 'forward', passes, flops: flops.forward, bytes: weights + 2 * written.forward },
    { phase: 'loss', passes, flops: flops.loss, bytes: 2 * written.loss },
    { phase: 'recompute', passes, flops: flops.recompute, bytes: weights + 2 * written.recompute },
    {
      phase: 'backward',
      passes,
      flops: flops.backward,
      bytes: weights + 2 * written.backward + written.saved + accumulated,
    },
  ]
  return [
    ...works
      .filter(({ phase }) => phase !== 'recompute' || job.checkpointing !== 'none')
      .map((work) => ({ ...work, bytes: passes * work.bytes })),
    { phase: 'optimizer', passes: 1, ...optimizerWork(job, held) },
  ]
}

/** The prompt's pass, and one pass for each generated token. */
export function inferWork(
  job: InferJob,
  a: Architecture,
  head: ModelHead,
  { weights, written }: InferMemory,
): readonly PhaseWork[] {
  const { batchSize, promptLength, generatedLength } = job
  const prefill: PhaseWork = {
    phase: 'prefill',
    passes: 1,
    flops: prefillFlops(job, a, head),
    bytes:
      weightBytesRead(weights, a, head, batchSize * promptLength) +
      2 * written.prefill +
      (generatedLength > 0 ? kvCacheBytes(job, a, promptLength) : 0),
  }
  if (generatedLength === 0) return [prefill]
  // The cache grows with every token; the mean over all of them is that of half of them.
  const keyLength = promptLength + generatedLength / 2
  const cache = kvCacheBytes(job, a, keyLength)
  // A growing cache is read, written longer (torch.cat) and read by attention; a static one only read.
  const cacheAccesses = job.kvAllocation === 'grow' ? 3 : 1
  return [
    prefill,
    {
      phase: 'decode',
      passes: generatedLength,
      flops: generatedLength * decodeFlops(job, a, head, keyLength),
      bytes:
        generatedLength *
        (weightBytesRead(weights, a, head, batchSize) + 2 * written.decode + cacheAccesses * cache),
    },
  ]
}
