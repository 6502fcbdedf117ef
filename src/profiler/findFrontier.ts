import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FrontierEvent, FrontierPoint, SizeAttempt } from '../core/plan/largest'
import { largestWhere, searchLargest } from '../core/plan/searchLargest'
import { maxBatchSize, type Workload } from '../core/plan/workload'
import {
  boundOf,
  type LargestSurroundings,
  limitOf,
  refuse,
  type SizedStep,
  sizedStep,
  weighStep,
} from './weighStep'

export interface FrontierQuestion {
  readonly workload: Workload
  /** null: a quarter of the workload's own to four times as many, as far as the network goes. */
  readonly sequenceLengths: readonly number[] | null
  /** null: what the device has free; only a GPU can be driven to that. */
  readonly memoryLimitBytes: number | null
  /** Nothing is begun later than so long after the start, ms; what has begun ends. */
  readonly timeLimitMs: number
}

/** Of the workload's own sequence length, where nobody says otherwise; its own comes first. */
const usualShares = [1, 1 / 2, 2, 1 / 4, 4] as const

/** A picture needs no finer answer: each attempt starts an engine. */
const tolerance = 0.05

/**
 * How far the workload's first step really goes: for a few sequence lengths the largest batch that runs,
 * to 5 %, beside the one that theory says. Stops when time is up, with what was found until then.
 * Throws InputError where the step cannot be run at all, takes no tokens, or no limit is known.
 */
export async function* findFrontier(
  { workload, sequenceLengths, memoryLimitBytes, timeLimitMs }: FrontierQuestion,
  surroundings: LargestSurroundings,
): AsyncGenerator<FrontierEvent> {
  const { clock } = surroundings
  const endMs = clock.nowMs() + timeLimitMs
  const sized = sizedStep(workload, surroundings.report)
  const { plan } = sized
  const { step } = plan.steps[0]!
  const lengths = lengthsOf(plan.workload, sequenceLengths)
  const limit = limitOf(plan, memoryLimitBytes)
  const predicted = lengths.map((sequenceLength) => ({
    sequenceLength,
    predicted: predictBatch(sized, sequenceLength, limit.limitBytes),
  }))
  yield { type: 'predicted', limitBytes: limit.limitBytes, points: byLength(predicted) }
  const scratchFolder = await mkdtemp(join(tmpdir(), 'headroom-'))
  const points: FrontierPoint[] = []
  let isComplete = true
  try {
    for (const point of predicted) {
      const { sequenceLength } = point
      const attempts: SizeAttempt[] = []
      const search = searchLargest(point.predicted, maxBatchSize, tolerance)
      let next = search.next()
      while (!next.done && clock.nowMs() < endMs) {
        const sizes = { sequenceLength, batchSize: next.value }
        const weighed = await weighStep(
          sized.planAt(sizes),
          limit.limitBytes,
          scratchFolder,
          surroundings,
        )
        const attempt = { size: next.value, theoryBytes: sized.theoryBytes(sizes), ...weighed }
        attempts.push(attempt)
        yield { type: 'attempt', sequenceLength, attempt }
        next = search.next(attempt.fits)
      }
      if (!next.done) isComplete = false
      points.push({ ...point, ...between(attempts), attempts })
      yield { type: 'point', point: points.at(-1)! }
    }
    yield {
      type: 'report',
      report: {
        schema: 'headroom/frontier/1',
        workload: plan.workload,
        device: plan.device,
        provider: plan.provider,
        mode: step.mode,
        precision: step.precision,
        ...limit,
        timeLimitMs,
        isComplete,
        points: byLength(points),
      },
    }
  } finally {
    await rm(scratchFolder, { recursive: true, force: true })
  }
}

/** In the order in which they are searched, each once. */
function lengthsOf(workload: Workload, asked: readonly number[] | null): readonly number[] {
  const longest = boundOf(workload, 'sequenceLength')
  const own = workload.sequenceLength!
  if (asked === null) {
    const usual = usualShares.map((share) => Math.round(share * own))
    return [...new Set(usual.filter((length) => length >= 1 && length <= longest))]
  }
  for (const length of asked) {
    if (length > longest) {
      refuse('sequenceLengths', `${length} is more than the ${longest} positions of the network`)
    }
  }
  return [...new Set(asked)]
}

function predictBatch(sized: SizedStep, sequenceLength: number, limitBytes: number): number {
  return largestWhere(
    maxBatchSize,
    (batchSize) => sized.theoryBytes({ sequenceLength, batchSize }) <= limitBytes,
  )
}

/** What the attempts leave open. */
function between(
  attempts: readonly SizeAttempt[],
): Pick<FrontierPoint, 'largest' | 'tooLarge' | 'isBound'> {
  const sizes = (fits: boolean) =>
    attempts.filter((attempt) => attempt.fits === fits).map(({ size }) => size)
  const [fitting, failing] = [sizes(true), sizes(false)]
  const tooLarge = failing.length > 0 ? Math.min(...failing) : null
  const largest = fitting.length > 0 ? Math.max(...fitting) : tooLarge === 1 ? 0 : null
  return { largest, tooLarge, isBound: largest === maxBatchSize }
}

function byLength<T extends { readonly sequenceLength: number }>(points: readonly T[]): T[] {
  return points.toSorted((a, b) => a.sequenceLength - b.sequenceLength)
}
