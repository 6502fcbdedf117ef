import type { DevicesReport } from '../core/device'
import { InputError } from '../core/errors'
import type { SizeAttempt, SizeName } from '../core/plan/largest'
import { makePlan } from '../core/plan/makePlan'
import type { Plan } from '../core/plan/plan'
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

export interface MemoryLimit {
  readonly limitBytes: number
  readonly limitSource: 'given' | 'device'
}

/** The first step of a workload, at whatever size is asked for. */
export interface SizedStep {
  /** As the workload has it. */
  readonly plan: Plan
  readonly planAt: (sizes: Partial<Record<SizeName, number>>) => Plan
  readonly theoryBytes: (sizes: Partial<Record<SizeName, number>>) => number
}

/** Throws InputError where the step cannot be run at all. */
export function sizedStep(workload: Workload, report: DevicesReport): SizedStep {
  const first = firstStepOf(workload)
  const planAt = (sizes: Partial<Record<SizeName, number>>) =>
    makePlan({ ...first, ...sizes }, report, stepTheory)
  const plan = planAt({})
  const { step } = plan.steps[0]!
  if (step.outcome !== 'planned') refuse(null, step.reason ?? 'this step cannot be run')
  const known = new Map<string, number>()
  return {
    plan,
    planAt,
    theoryBytes: (sizes) => {
      const key = JSON.stringify(sizes)
      const bytes = known.get(key) ?? planAt(sizes).steps[0]!.step.memory.theory?.peakBytes ?? 0
      known.set(key, bytes)
      return bytes
    },
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

export function boundOf(workload: Workload, size: SizeName): number {
  if (size === 'batchSize') return maxBatchSize
  const decoder = workloadDecoder(workload)
  if (decoder === null) refuse('size', 'images have no sequence: search for the batch size')
  return decoder.maxPositionEmbeddings
}

/**
 * What a size has to fit into. A host that is driven to its limit ends other programs, too: there a limit is to be given.
 */
export function limitOf({ provider, usableBytes }: Plan, given: number | null): MemoryLimit {
  if (given !== null) return { limitBytes: given, limitSource: 'given' }
  if (provider === 'cpu' || usableBytes === null) {
    refuse(
      'memoryLimitBytes',
      `${provider === 'cpu' ? 'a CPU shares its memory with everything else' : 'nobody reports the memory of this device'}: give a limit, such as 2GiB`,
    )
  }
  return { limitBytes: usableBytes, limitSource: 'device' }
}

/** Ends that mean that the size was too large; others say nothing about it. */
const tooLarge: ReadonlySet<string> = new Set([
  'outOfMemory',
  'hostOutOfMemory',
  'crashed',
  'deviceLost',
])

/** Loads the step and runs it as often as its memory takes to be known. */
export async function weighStep(
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

export function refuse(path: string | null, message: string): never {
  throw new InputError({ code: 'UNSUPPORTED', path, message })
}
