import type { FastFigures, SlowFigures } from '../../core/monitor/figures'
import type { MonitoredGpu, MonitorEvent, SamplerHealth } from '../../core/monitor/monitorState'
import type { Clock } from '../clock'

/** One answer of a tool for one GPU. */
export interface ToolGpu {
  readonly gpu: MonitoredGpu
  readonly fast: FastFigures
  readonly slow: SlowFigures
}

/** Asks one tool; null where it is not there or does not answer. Never throws, never hangs. */
export type ReadTool = () => Promise<readonly ToolGpu[] | null>

export interface ToolSampler {
  stop(): void
}

export interface ToolSamplerOptions {
  /** In the order in which they are tried. */
  readonly tools: readonly ReadTool[]
  readonly clock: Clock
  readonly onEvent: (event: MonitorEvent) => void
}

/** A tool is a process of its own each time: once a second is what it can give. */
const periodMs = 1000
/** Where no tool answers, they are tried again after so long: one may be installed meanwhile. */
const retryMs = 60_000

/** Follows the GPUs by the first tool that tells of any, where no driver answers by itself. */
export function startToolSampler({ tools, clock, onEvent }: ToolSamplerOptions): ToolSampler {
  let found: ReadTool | null = null
  let told = ''
  let nextMs = 0
  let isAsking = false
  let isStopped = false
  let failures = 0

  const tell = (state: SamplerHealth['state'], reason: string | null = null) =>
    onEvent({
      type: 'sampler',
      health: {
        sampler: 'tool',
        state,
        reason,
        restartCount: failures,
        periodMs,
        scheduling: null,
      },
    })

  async function ask(): Promise<void> {
    for (const read of found ? [found] : tools) {
      const answers = await read()
      if (isStopped) return
      if (answers === null || answers.length === 0) continue
      if (found === null) tell('up')
      found = read
      publish(answers)
      return
    }
    if (found === null) tell('absent', 'no tool of this system tells of a GPU')
    else {
      failures += 1
      tell('failed', 'the tool no longer answers')
    }
    found = null
    nextMs = clock.nowMs() + retryMs
  }

  function publish(answers: readonly ToolGpu[]): void {
    const tMs = clock.wallMs()
    const gpus = answers.map(({ gpu }) => gpu)
    const words = JSON.stringify(gpus)
    if (words !== told) onEvent({ type: 'gpus', gpus })
    told = words
    const fast = Object.fromEntries(
      answers.map(({ gpu, fast: figures }) => [gpu.id, gpu.fault === null ? figures : null]),
    )
    const slow = Object.fromEntries(answers.map(({ gpu, slow: figures }) => [gpu.id, figures]))
    onEvent({ type: 'fast', ticks: [{ tMs, gpus: fast }] })
    onEvent({ type: 'slow', tick: { tMs, gpus: slow, host: null } })
  }

  async function turn(): Promise<void> {
    if (isAsking || clock.nowMs() < nextMs) return
    isAsking = true
    try {
      await ask()
    } finally {
      isAsking = false
    }
  }

  tell('starting')
  void turn()
  const stopRepeating = clock.repeat(periodMs, () => void turn())
  return {
    stop() {
      isStopped = true
      stopRepeating()
    },
  }
}
