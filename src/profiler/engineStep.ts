import { ORPCError } from '@orpc/client'
import type { Step } from '../core/run/record'
import type { EngineEvent, StepRequest } from '../protocol/engineContract'
import type { Clock } from './clock'
import { cleanDetails, explainExit } from './engineFailure'
import { connectEngine, type EngineChild, type EngineExit } from './engineProcess'
import { createWatchdog } from './watchdog'

/** How a step ended in one process. */
export type StepEnd = Partial<Step> & Pick<Step, 'outcome'>

/** What the engine says while the step goes on. */
export type OngoingEvent = Exclude<EngineEvent, { type: 'ended' }>

export interface EngineStepOptions {
  readonly request: StepRequest
  readonly launch: () => EngineChild
  readonly clock: Clock
  /** Ends the process at once, whatever it does. */
  readonly signal: AbortSignal
  /** The process exists from here on; what is returned is called when it is gone. */
  readonly onStarted: (child: EngineChild) => () => void
  readonly onEvent: (event: OngoingEvent) => void
}

/** Often enough for a person who waits for a verdict; the budgets themselves are half a minute and more. */
const watchPeriodMs = 500

/**
 * Runs one step in an engine process of its own and waits until that is gone. Never throws for what
 * the engine does: crash, hang and cancellation are ends like any other.
 */
export async function runEngineStep(options: EngineStepOptions): Promise<StepEnd> {
  const { request, launch, clock, signal, onStarted, onEvent } = options
  if (signal.aborted) return { outcome: 'cancelled' }
  let child: EngineChild
  try {
    child = launch()
  } catch (error) {
    return { outcome: 'crashed', reason: `the engine could not be started: ${lineOf(error)}` }
  }
  let exit: EngineExit | null = null
  const exited = child.exited.then((how) => {
    exit = how
    return how
  })
  const watchdog = createWatchdog(clock.nowMs())
  let endedByUs: StepEnd | null = null
  const end = (how: StepEnd) => {
    endedByUs ??= how
    child.kill()
  }
  const cancel = () => end({ outcome: 'cancelled' })
  signal.addEventListener('abort', cancel, { once: true })
  const stopWatching = clock.repeat(watchPeriodMs, () => {
    if (!watchdog.isExpired(clock.nowMs())) return
    const seconds = Math.round(watchdog.budgetMs() / 1000)
    end({
      outcome: 'hung',
      reason: `the engine was silent for more than ${seconds} s and was ended`,
    })
  })
  const onGone = onStarted(child)
  let said: StepEnd | null = null
  let answer: unknown = null
  try {
    for await (const event of await connectEngine(child).runStep(request)) {
      if (endedByUs) break
      watchdog.heard(clock.nowMs())
      if (event.type === 'latency') for (const ms of event.samplesMs) watchdog.ran(ms)
      if (event.type === 'ended') {
        said = withoutUndefined(event.update)
        break
      }
      onEvent(event)
    }
  } catch (error) {
    // Either the process is gone, which says more than this error, or it answered with an error.
    if (exit === null) answer = error
  } finally {
    stopWatching()
    signal.removeEventListener('abort', cancel)
    child.kill()
  }
  const how = await exited
  onGone()
  if (endedByUs) return withDetails(endedByUs, child)
  if (said) return said.outcome === 'completed' ? said : withDetails(said, child)
  if (answer !== null) return withDetails(explainAnswer(answer), child)
  return explainExit(how, child.stderrTail())
}

function explainAnswer(error: unknown): StepEnd {
  const what = error instanceof ORPCError ? 'the engine refused the step' : 'the engine was lost'
  return { outcome: 'crashed', reason: `${what}: ${lineOf(error)}` }
}

function lineOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  return message.split('\n', 1)[0]!.slice(0, 300)
}

/** Adds what the process wrote on stderr, unless it said more itself. */
function withDetails(end: StepEnd, child: EngineChild): StepEnd {
  const details = cleanDetails(child.stderrTail())
  return end.details !== undefined || details === '' ? end : { ...end, details }
}

function withoutUndefined(update: { [K in keyof StepEnd]: StepEnd[K] | undefined }): StepEnd {
  const known = Object.entries(update).filter(([, value]) => value !== undefined)
  return { outcome: 'crashed', ...Object.fromEntries(known) }
}
