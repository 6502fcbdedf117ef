import { ulid } from 'ulid'
import type { Host } from '../core/device'
import type { Plan } from '../core/plan/plan'
import { runOutcome } from '../core/run/applyRunEvent'
import type { RunRecord } from '../core/run/record'
import type { History } from './history'
import { createLiveRun, type LiveRun } from './liveRun'
import { runPlan, type RunSurroundings } from './runPlan'

export interface RunnerOptions extends RunSurroundings {
  readonly history: Pick<History, 'save'>
  /** Told in one line what went wrong beside the run. */
  readonly warn: (line: string) => void
}

/** Runs plans, one at a time: two would measure each other. */
export interface Runner {
  /** The run that goes on, or the last one that did. */
  readonly latest: LiveRun | null
  /** Id of the run that goes on. */
  readonly busyWith: string | null
  /** Starts a run and returns at once. Throws while one goes on: ask `busyWith` before. */
  start(plan: Plan, host: Host): LiveRun
  /** Resolves when the run is stored as cancelled; at once where it does not go on. */
  cancel(id: string): Promise<void>
  /** Lets go of a run that is over. */
  forget(id: string): void
  /** Cancels what goes on. */
  close(): Promise<void>
}

/** A crash of the application itself costs at most this much, ms. */
const savePeriodMs = 5000

/** Writing a record of a million samples takes a second, in which nothing else is heard. */
const savingShare = 0.05

interface Going {
  readonly live: LiveRun
  readonly abort: AbortController
  readonly ended: Promise<void>
}

export function createRunner(options: RunnerOptions): Runner {
  const { history, clock, warn } = options
  let latest: LiveRun | null = null
  let going: Going | null = null

  function save(record: RunRecord): void {
    try {
      history.save(record)
    } catch (error) {
      // A full disk must not end the measurement: the record can still be watched and exported.
      warn(`The run ${record.id} could not be stored: ${messageOf(error)}`)
    }
  }

  async function runToEnd(live: LiveRun, plan: Plan, signal: AbortSignal): Promise<void> {
    const onStepEnded = () => save(live.record)
    let nextSaveMs = 0
    const stopSaving = clock.repeat(savePeriodMs, () => {
      const startMs = clock.nowMs()
      if (startMs < nextSaveMs) return
      save(live.record)
      const endMs = clock.nowMs()
      nextSaveMs = endMs + (endMs - startMs) / savingShare
    })
    try {
      await runPlan(live, plan, options, { signal, onStepEnded })
    } catch (error) {
      warn(`The run ${live.record.id} broke off: ${messageOf(error)}`)
      breakOff(live, messageOf(error))
    } finally {
      stopSaving()
    }
    live.publish({ type: 'runEnded', outcome: runOutcome(live.record) })
    save(live.record)
    going = null
  }

  async function stop(): Promise<void> {
    going?.abort.abort()
    await going?.ended
  }

  return {
    get latest() {
      return latest
    },
    get busyWith() {
      return going?.live.record.id ?? null
    },
    start(plan, host) {
      if (going) throw new Error(`the run ${going.live.record.id} goes on`)
      const live = createLiveRun(newRecord(plan, host, clock.wallMs()))
      save(live.record)
      const abort = new AbortController()
      latest = live
      going = { live, abort, ended: runToEnd(live, plan, abort.signal) }
      return live
    },
    async cancel(id) {
      if (going?.live.record.id === id) await stop()
    },
    forget(id) {
      if (latest?.record.id === id && latest.isEnded) latest = null
    },
    close: stop,
  }
}

function newRecord(plan: Plan, host: Host, wallMs: number): RunRecord {
  return {
    schema: 'headroom/run/1',
    id: ulid(wallMs),
    startedAt: new Date(wallMs).toISOString(),
    host,
    device: plan.device,
    workload: plan.workload,
    outcome: 'running',
    steps: plan.steps.map(({ step }) => step),
  }
}

/** Ends what is open where the run itself could not go on: a full temporary folder, say. */
function breakOff(live: LiveRun, message: string): void {
  const reason = `the run broke off: ${message}`
  for (const [step, { outcome, startedMs }] of live.record.steps.entries()) {
    if (outcome !== 'planned' && outcome !== 'running') continue
    const update = { outcome: 'crashed' as const, reason }
    live.publish({ type: 'stepEnded', step, tMs: startedMs ?? 0, update })
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
