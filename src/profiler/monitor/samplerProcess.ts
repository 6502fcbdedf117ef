import { createORPCClient } from '@orpc/client'
import type { ContractRouterClient } from '@orpc/contract'
import type { SamplerHealth } from '../../core/monitor/monitorState'
import type { monitorContract, SamplerEvent, SamplerRole } from '../../protocol/monitorContract'
import type { Clock } from '../clock'
import { type EngineChild, type EngineExit, linkTo } from '../engineProcess'

type MonitorClient = ContractRouterClient<typeof monitorContract>

export interface SamplerProcessOptions {
  readonly role: SamplerRole
  readonly periodMs: number
  readonly launch: () => EngineChild
  readonly clock: Clock
  readonly onEvent: (event: SamplerEvent) => void
  readonly onHealth: (health: SamplerHealth) => void
}

/** A monitor process that is started again when it ends or no longer says anything. */
export interface SamplerProcess {
  readonly pid: number | null
  setPeriod(periodMs: number): void
  stop(): void
}

/** A driver without persistence mode wakes up its GPUs one by one, a second or two each. */
const startBudgetMs = 30_000
/** Beyond its period; a driver in trouble answers, if at all, within a few seconds. */
const silenceBudgetMs: Readonly<Record<SamplerRole, number>> = { fast: 6000, slow: 10_000 }
const watchPeriodMs = 250
const firstBackoffMs = 500
const longestBackoffMs = 30_000
/** Who has worked for so long has recovered: the next failure is a first one again. */
const recoveredMs = 60_000

interface Running {
  readonly child: EngineChild
  readonly client: MonitorClient
  readonly startedMs: number
  lastHeardMs: number
  hasAnswered: boolean
  /** What became of the call, where that says more than the end of the process. */
  error: unknown
}

/** Wait before the n-th start in a row that was needed, n from 1: doubled each time, up to 30 s. */
export function restartDelayMs(failures: number): number {
  return Math.min(longestBackoffMs, firstBackoffMs * 2 ** (failures - 1))
}

/** Starts the process and keeps it working until it is stopped. */
export function startSamplerProcess(options: SamplerProcessOptions): SamplerProcess {
  const { role, launch, clock, onEvent, onHealth } = options
  let periodMs = options.periodMs
  let running: Running | null = null
  let restartAtMs: number | null = null
  let failures = 0
  let restartCount = 0
  let isStopped = false
  let scheduling: SamplerHealth['scheduling'] = null

  function tell(state: SamplerHealth['state'], reason: string | null = null): void {
    onHealth({ sampler: role, state, reason, restartCount, periodMs, scheduling })
  }

  function start(): void {
    restartAtMs = null
    const now = clock.nowMs()
    tell('starting')
    try {
      const child = launch()
      const client: MonitorClient = createORPCClient(linkTo(child))
      const started: Running = {
        child,
        client,
        startedMs: now,
        lastHeardMs: now,
        hasAnswered: false,
        error: '',
      }
      running = started
      void follow(started)
      void child.exited.then((how) => onExit(started, how))
    } catch (error) {
      fail('failed', `it could not be started: ${lineOf(error)}`)
    }
  }

  async function follow(own: Running): Promise<void> {
    let problem: string | null = null
    try {
      for await (const event of await own.client.follow({ role, periodMs })) {
        if (running !== own) return
        own.lastHeardMs = clock.nowMs()
        if (event.type === 'gpus') {
          ;({ problem, scheduling } = event)
        } else if (!own.hasAnswered) {
          own.hasAnswered = true
          tell('up')
        }
        onEvent(event)
      }
      if (running !== own) return
      running = null
      own.child.kill()
      tell('absent', problem)
    } catch (error) {
      // Mostly because it is gone; one that answers with an error is of no use either.
      own.error = error
      own.child.kill()
    }
  }

  function onExit(own: Running, { code, signal }: EngineExit): void {
    if (running !== own) return
    const end = signal === null ? `with code ${code ?? 'unknown'}` : `by ${signal}`
    fail('failed', [`it ended ${end}`, lineOf(own.child.stderrTail() || own.error)].join(': '))
  }

  /** Ends what runs, says why, and plans the next start. */
  function fail(state: 'hung' | 'failed', reason: string): void {
    const now = clock.nowMs()
    if (running && now - running.startedMs > recoveredMs) failures = 0
    running?.child.kill()
    running = null
    if (isStopped) return
    failures += 1
    restartCount += 1
    restartAtMs = now + restartDelayMs(failures)
    tell(state, reason)
  }

  function watch(): void {
    const now = clock.nowMs()
    if (restartAtMs !== null && now >= restartAtMs) start()
    if (!running) return
    const budgetMs = running.hasAnswered ? silenceBudgetMs[role] + periodMs : startBudgetMs
    if (now - running.lastHeardMs <= budgetMs) return
    fail('hung', `the driver did not answer within ${Math.round(budgetMs / 1000)} s`)
  }

  const stopWatching = clock.repeat(watchPeriodMs, watch)
  start()
  return {
    get pid() {
      return running?.child.pid ?? null
    },
    setPeriod(newPeriodMs) {
      if (newPeriodMs === periodMs) return
      periodMs = newPeriodMs
      if (!running) return
      if (running.hasAnswered) tell('up')
      // One that is gone by now is started with the new period.
      void running.client.setPeriod({ periodMs }).catch(() => {})
    },
    stop() {
      isStopped = true
      stopWatching()
      running?.child.kill()
      running = null
      restartAtMs = null
    },
  }
}

function lineOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  return message.trim().split('\n').at(-1)!.slice(0, 300)
}
