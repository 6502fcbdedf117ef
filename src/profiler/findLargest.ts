import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DevicesReport } from '../core/device'
import { InputError } from '../core/errors'
import type { LargestEvent, SizeAttempt, SizeName } from '../core/plan/largest'
import { makePlan } from '../core/plan/makePlan'
import type { Plan } from '../core/plan/plan'
import { largestWhere, searchLargest } from '../core/plan/searchLargest'
import { stepTheory } from '../core/plan/stepTheory'
import { maxBatchSize, type Workload } from '../core/plan/workload'
import { workloadDecoder } from '../core/plan/workloadNetwork'
import { formatBytes } from '../core/units'
import type { Clock } from './clock'
import type { EngineChild } from './engineProcess'
import { runEngineStep } from './engineStep'
import { stepRequest } from './stepRequest'

export interface LargestSurroundings {
  readonly report: DevicesReport
  readonly resourcesFolder: string
  readonly clock: Clock
  readonly signal: AbortSignal
  readonly launch: (plan: Plan) => EngineChild
}

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
  const planAt = (value: number | null) =>
    makePlan(
      firstStepOf({ ...workload, ...(value && { [size]: value }) }),
      surroundings.report,
      stepTheory,
    )
  const plan = planAt(null)
  const { step } = plan.steps[0]!
  if (step.outcome !== 'planned') refuse(null, step.reason ?? 'this step cannot be run')
  const bound = boundOf(plan.workload, size)
  const limit = limitOf(plan, memoryLimitBytes)
  const theoryBytes = (value: number) => planAt(value).steps[0]!.step.memory.theory?.peakBytes ?? 0
  const predicted = largestWhere(bound, (value) => theoryBytes(value) <= limit.limitBytes)
  const scratchFolder = await mkdtemp(join(tmpdir(), 'headroom-'))
  const attempts: SizeAttempt[] = []
  try {
    const search = searchLargest(predicted, bound)
    let next = search.next()
    while (!next.done) {
      const value = next.value
      const weighed = await weigh(planAt(value), limit.limitBytes, scratchFolder, surroundings)
      const attempt = { size: value, theoryBytes: theoryBytes(value), ...weighed }
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

/** One search is for one step. */
function firstStepOf({ modes, precisions, methods, optimizers, ...workload }: Workload): Workload {
  return {
    ...workload,
    modes: modes.slice(0, 1),
    precisions: precisions.slice(0, 1),
    methods: methods.slice(0, 1),
    optimizers: optimizers.slice(0, 1),
  }
}

function boundOf(workload: Workload, size: SizeName): number {
  if (size === 'batchSize') return maxBatchSize
  const decoder = workloadDecoder(workload)
  if (decoder === null) refuse('size', 'images have no sequence: search for the batch size')
  return decoder.maxPositionEmbeddings
}

/** A host that is driven to its limit ends other programs, too: there a limit is to be given. */
function limitOf({ provider, usableBytes }: Plan, given: number | null) {
  if (given !== null) return { limitBytes: given, limitSource: 'given' as const }
  if (provider === 'cpu' || usableBytes === null) {
    refuse(
      'memoryLimitBytes',
      `${provider === 'cpu' ? 'a CPU shares its memory with everything else' : 'nobody reports the memory of this device'}: give a limit, such as 2GiB`,
    )
  }
  return { limitBytes: usableBytes, limitSource: 'device' as const }
}

/** Ends that mean that the size was too large; others say nothing about it. */
const tooLarge: ReadonlySet<string> = new Set([
  'outOfMemory',
  'hostOutOfMemory',
  'crashed',
  'deviceLost',
])

/** Loads the step and runs it as often as its memory takes to be known. */
async function weigh(
  plan: Plan,
  limitBytes: number,
  scratchFolder: string,
  { signal, clock, launch, resourcesFolder }: LargestSurroundings,
): Promise<Pick<SizeAttempt, 'fits' | 'measuredBytes' | 'reason'>> {
  const enough = new AbortController()
  let measuredBytes: number | null = null
  const end = await runEngineStep({
    request: stepRequest(plan, plan.steps[0]!.step, {
      resourcesFolder,
      scratchFolder,
      processIndex: 0,
    }),
    clock,
    signal: AbortSignal.any([signal, enough.signal]),
    launch: () => launch(plan),
    onStarted: () => () => {},
    onEvent: (event) => {
      if (event.type !== 'memory') return
      measuredBytes = event.measured.allocatedPeakBytes
      enough.abort()
    },
  })
  signal.throwIfAborted()
  if (measuredBytes !== null) {
    const fits = measuredBytes <= limitBytes
    const reason = fits ? null : `it allocated ${formatBytes(measuredBytes)}`
    return { fits, measuredBytes, reason }
  }
  const reason = end.reason ?? end.outcome
  if (!tooLarge.has(end.outcome)) refuse(null, reason)
  return { fits: false, measuredBytes: null, reason }
}

function refuse(path: string | null, message: string): never {
  throw new InputError({ code: 'UNSUPPORTED', path, message })
}
