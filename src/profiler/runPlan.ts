import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Plan } from '../core/plan/plan'
import { deriveStepFigures } from '../core/run/deriveFigures'
import { conditionNotes } from '../core/run/deviceConditions'
import { measurementProfiles } from '../core/run/measurementProfiles'
import type { Clock } from './clock'
import type { DeviceWatch } from './deviceWatch'
import { toRunEvent } from './engineEvents'
import type { EngineChild } from './engineProcess'
import { runEngineStep, type StepEnd } from './engineStep'
import type { LiveRun } from './liveRun'
import { startMemorySampler } from './memorySampler'
import { stepRequest } from './stepRequest'

/** What running a plan needs of its surroundings. */
export interface RunSurroundings {
  readonly clock: Clock
  readonly resourcesFolder: string
  /** Starts an engine that computes on what `plan` says. */
  readonly launch: (plan: Plan) => EngineChild
  readonly readProcessBytes: (pid: number) => Promise<number | null>
  /** Watches the plan's device until it is stopped. */
  readonly watchDevice: (plan: Plan) => DeviceWatch
}

/** Runs every planned step of `live`, one after the other, and calls back after each. */
export async function runPlan(
  live: LiveRun,
  plan: Plan,
  surroundings: RunSurroundings,
  { signal, onStepEnded }: { readonly signal: AbortSignal; readonly onStepEnded: () => void },
): Promise<void> {
  const { clock } = surroundings
  const originMs = clock.nowMs()
  // ONNX Runtime names its profile files itself.
  const scratchFolder = await mkdtemp(join(tmpdir(), 'headroom-'))
  const device = surroundings.watchDevice(plan)
  const context = { live, plan, surroundings, signal, originMs, scratchFolder, device }
  try {
    for (const [index, { outcome }] of live.record.steps.entries()) {
      if (outcome !== 'planned') continue
      const tMs = clock.nowMs() - originMs
      if (!signal.aborted) live.publish({ type: 'stepStarted', step: index, tMs })
      device.beginStep()
      endStep(context, index, await runProcesses(context, index))
      onStepEnded()
    }
  } finally {
    device.stop()
    await rm(scratchFolder, { recursive: true, force: true })
  }
}

interface RunContext {
  readonly live: LiveRun
  readonly plan: Plan
  readonly surroundings: RunSurroundings
  readonly signal: AbortSignal
  readonly originMs: number
  readonly scratchFolder: string
  readonly device: DeviceWatch
}

function endStep(context: RunContext, index: number, end: StepEnd): void {
  const { live, surroundings, originMs, device } = context
  const derived = deriveStepFigures({ ...live.record.steps[index]!, ...end })
  const deviceConditions = device.endStep()
  const told = conditionNotes(deviceConditions)
  const notes = [...(end.notes ?? live.record.steps[index]!.notes), ...told]
  const { latencyMs, throughputPerSecond, tokensPerSecond, memory } = derived
  const { flopsPerSecond, fractionOfPeak, unrolledStep, fullDepth } = derived
  const rates = {
    throughputPerSecond,
    tokensPerSecond,
    flopsPerSecond,
    fractionOfPeak,
    unrolledStep,
    fullDepth,
  }
  live.publish({
    type: 'stepEnded',
    step: index,
    tMs: surroundings.clock.nowMs() - originMs,
    update: {
      ...end,
      notes,
      ...(deviceConditions && { deviceConditions }),
      latencyMs,
      ...rates,
      memory,
    },
  })
}

/** One fresh process after the other, as the profile asks; one that does not complete is the last. */
async function runProcesses(context: RunContext, index: number): Promise<StepEnd> {
  const { processCount } = measurementProfiles[context.plan.workload.profile]
  const samplesPerProcess: number[] = []
  const runNext = async () => {
    const sampleCount = () => context.live.record.steps[index]!.latencySamplesMs.length
    const before = sampleCount()
    const end = await runProcess(context, index, samplesPerProcess.length)
    samplesPerProcess.push(sampleCount() - before)
    return end
  }
  let end = await runNext()
  while (samplesPerProcess.length < processCount && end.outcome === 'completed') {
    end = { ...end, ...(await runNext()) }
  }
  return processCount > 1 ? { ...end, samplesPerProcess } : end
}

function runProcess(context: RunContext, index: number, processIndex: number): Promise<StepEnd> {
  const { live, plan, surroundings, signal, originMs, device } = context
  const { clock, readProcessBytes } = surroundings
  const request = stepRequest(plan, live.record.steps[index]!, {
    resourcesFolder: surroundings.resourcesFolder,
    scratchFolder: context.scratchFolder,
    processIndex,
  })
  return runEngineStep({
    request,
    clock,
    signal,
    launch: () => surroundings.launch(plan),
    onStarted(child) {
      let forgetOwn: (() => void) | null = () => {}
      void child.spawned.then((pid) => {
        if (pid !== null && forgetOwn) forgetOwn = device.addOwn(pid)
      })
      const stopSampling = startMemorySampler({
        clock,
        originMs,
        pid: () => child.pid,
        readProcessBytes,
        device,
        onSample: (sample) => live.publish({ type: 'memory', step: index, samples: [sample] }),
      })
      return () => {
        stopSampling()
        forgetOwn?.()
        forgetOwn = null
      }
    },
    onEvent: (event) => {
      const step = live.record.steps[index]!
      live.publish(toRunEvent(event, { request, index, step, tMs: clock.nowMs() - originMs }))
    },
  })
}
