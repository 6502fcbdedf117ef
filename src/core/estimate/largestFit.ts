import { maxJobBatchSize, maxJobSequenceLength, type Job } from './job'

/**
 * The largest whole number up to `limit` for which `fits` holds, when it holds for all smaller ones;
 * 0 where not even 1 fits. Doubles, then halves the gap: about 2 log₂ of the answer questions.
 */
function largestWhere(limit: number, fits: (value: number) => boolean): number {
  if (!fits(1)) return 0
  let low = 1
  let high = 2
  while (high <= limit && fits(high)) {
    low = high
    high *= 2
  }
  high = Math.min(high, limit + 1)
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (fits(middle)) low = middle
    else high = middle
  }
  return low
}

/** The job with another batch size. */
export function withBatchSize(job: Job, batchSize: number): Job {
  return { ...job, batchSize }
}

/** The job with another sequence length; the prompt's, where it generates. */
export function withSequenceLength(job: Job, length: number): Job {
  if (job.task === 'train') return { ...job, sequenceLength: length }
  return { ...job, promptLength: length, maxLength: null }
}

/** Largest batch whose whole interval stays under the GPU's memory; 0 where none does. */
export function largestBatchSize(job: Job, fits: (job: Job) => boolean): number {
  return largestWhere(maxJobBatchSize, (size) => fits(withBatchSize(job, size)))
}

/** Longest sequence (prompt) whose whole interval stays under the GPU's memory; 0 where none does. */
export function longestSequence(job: Job, fits: (job: Job) => boolean): number {
  return largestWhere(maxJobSequenceLength, (length) => fits(withSequenceLength(job, length)))
}
