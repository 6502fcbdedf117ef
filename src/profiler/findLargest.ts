import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { LargestEvent, SizeAttempt, SizeName } from '../core/plan/largest'
import { largestWhere, searchLargest } from '../core/plan/searchLargest'
import type { Workload } from '../core/plan/workload'
import { boundOf, type LargestSurroundings, limitOf, sizedStep, weighStep } from './weighStep'

export interface LargestQuestion {
  readonly workload: Workload
  readonly size: SizeName
  /** null: what the device has free; only a GPU can be driven to that. */
  readonly memoryLimitBytes: number | null
}

/**
 * The largest batch or longest sequence of the workload's first step that really runs, attempt by
 * attempt: each in an engine process of its own, which an allocation too large may take along.
 * Throws InputError where the step cannot be run at all, or no limit is known.
 */
export async function* findLargest(
  { workload, size, memoryLimitBytes }: LargestQuestion,
  surroundings: LargestSurroundings,
): AsyncGenerator<LargestEvent> {
  const { plan, planAt, theoryBytes } = sizedStep(workload, surroundings.report)
  const { step } = plan.steps[0]!
  const bound = boundOf(plan.workload, size)
  const limit = limitOf(plan, memoryLimitBytes)
  const predicted = largestWhere(
    bound,
    (value) => theoryBytes({ [size]: value }) <= limit.limitBytes,
  )
  const scratchFolder = await mkdtemp(join(tmpdir(), 'headroom-'))
  const attempts: SizeAttempt[] = []
  try {
    const search = searchLargest(predicted, bound)
    let next = search.next()
    while (!next.done) {
      const sizes = { [size]: next.value }
      const weighed = await weighStep(planAt(sizes), limit.limitBytes, scratchFolder, surroundings)
      const attempt = { size: next.value, theoryBytes: theoryBytes(sizes), ...weighed }
      attempts.push(attempt)
      yield { type: 'attempt', attempt, limitBytes: limit.limitBytes, predicted }
      next = search.next(attempt.fits)
    }
    yield {
      type: 'report',
      report: {
        schema: 'headroom/largest/1',
        workload: plan.workload,
        device: plan.device,
        provider: plan.provider,
        mode: step.mode,
        precision: step.precision,
        size,
        ...limit,
        predicted,
        ...next.value,
        attempts,
      },
    }
  } finally {
    await rm(scratchFolder, { recursive: true, force: true })
  }
}
