import { InputError } from '../errors'
import type { Architecture } from '../models/architecture'
import type { Job, JobQuantization } from './job'

/** What QLoRA means where a job does not say: nf4 with double quantization (Dettmers et al. 2023, §3). */
export const qloraQuantization: JobQuantization = {
  scheme: 'nf4',
  bits: 4,
  groupSize: null,
  doubleQuant: true,
  ggufType: null,
  skip: ['lm_head'],
}

export interface EffectiveJob {
  readonly job: Job
  /** What was filled in, one line each. */
  readonly assumptions: readonly string[]
}

/**
 * The job with the quantization that its model or its method brings along.
 * Throws InputError where a model that is stored quantized is to be trained in full.
 */
export function effectiveJob(job: Job, a: Architecture): EffectiveJob {
  if (job.quantization !== null) return { job, assumptions: [] }
  const stored = a.storedQuantization
  if (stored) {
    if (job.task === 'train' && job.method.type === 'full') {
      if (stored.scheme === 'fp8') {
        return { job, assumptions: ['weights stored as fp8 are converted before training'] }
      }
      throw new InputError({
        code: 'UNSUPPORTED',
        path: 'method',
        message: `the model is stored as ${stored.scheme}, which cannot be trained in full; use qlora or lora`,
      })
    }
    return {
      job: { ...job, quantization: { ...stored, skip: [...stored.skip, 'lm_head'] } },
      assumptions: [`weights as the config stores them: ${stored.scheme}`],
    }
  }
  if (job.task === 'train' && job.method.type === 'qlora') {
    return {
      job: { ...job, quantization: qloraQuantization },
      assumptions: ['QLoRA without a quantization: nf4 with double quantization'],
    }
  }
  return { job, assumptions: [] }
}
