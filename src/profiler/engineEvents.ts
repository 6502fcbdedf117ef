import { measurementProfiles } from '../core/run/measurementProfiles'
import { samplingSource } from '../core/run/deriveFigures'
import type { RunEvent } from '../core/run/events'
import type { Step } from '../core/run/record'
import { assertNever } from '../core/errors'
import type { OngoingEvent } from './engineStep'
import type { StepRequest } from '../protocol/engineContract'

interface EventContext {
  readonly request: Pick<StepRequest, 'profile' | 'processCount' | 'processIndex'>
  /** Index in the run. */
  readonly index: number
  /** As it stands. */
  readonly step: Step
  /** Since the run began, ms. */
  readonly tMs: number
}

type StepUpdate = Extract<OngoingEvent, { type: 'update' }>['update']

/** What an event of the engine means for the run. */
export function toRunEvent(
  event: OngoingEvent,
  { request, index, step, tMs }: EventContext,
): RunEvent {
  switch (event.type) {
    case 'phase':
      return { type: 'phase', step: index, phase: event.phase, tMs }
    case 'progress':
      return { ...event, step: index, ...overStep(event, request, step) }
    case 'latency':
    case 'epoch':
    case 'losses':
    case 'validation':
      return { ...event, step: index }
    case 'memory': {
      const { measured, actualProvider, nodesByProvider, memcpyNodes } = event
      const { requested } = step.executionProvider
      const source = `${measured.source}; device: ${samplingSource(requested)}`
      return {
        type: 'stepUpdated',
        step: index,
        update: {
          memory: { ...step.memory, measured: { ...measured, source } },
          notes: [...step.notes, ...placementNotes(requested, nodesByProvider)],
          executionProvider: { requested, actual: actualProvider, nodesByProvider, memcpyNodes },
        },
      }
    }
    case 'update': {
      const update =
        request.processIndex === 0
          ? event.update
          : { ...event.update, ...worst(event.update, step) }
      return { type: 'stepUpdated', step: index, update }
    }
    default:
      return assertNever(event)
  }
}

/** Processes may differ by a run, or by who ran beside them; what is claimed must hold for all of them. */
function worst(
  { runsPerSample, hostLoad }: StepUpdate,
  step: Step,
): Pick<StepUpdate, 'runsPerSample' | 'hostLoad'> {
  const isLess =
    hostLoad && step.hostLoad && hostLoad.otherProcessors < step.hostLoad.otherProcessors
  return {
    ...(runsPerSample !== undefined && {
      runsPerSample: Math.max(runsPerSample, step.runsPerSample),
    }),
    ...(isLess && { hostLoad: step.hostLoad }),
  }
}

/** Progress of the whole step: its training counts as much as what each process measures. */
function overStep(
  { fraction, remainingMs }: Extract<OngoingEvent, { type: 'progress' }>,
  { profile, processCount, processIndex }: EventContext['request'],
  { mode, phases }: Step,
): { fraction: number; remainingMs: number | null } {
  const partMs = measurementProfiles[profile].measuredMs / processCount
  const trainingParts = mode === 'train' ? 1 : 0
  const isTraining = phases.at(-1)?.phase === 'train'
  const done = isTraining ? 0 : trainingParts + processIndex
  const parts = trainingParts + processCount
  return {
    fraction: (done + fraction) / parts,
    remainingMs: remainingMs === null ? null : remainingMs + (parts - done - 1) * partMs,
  }
}

/** What was to be proven: that every node ran where it was asked to. */
function placementNotes(requested: string, nodesByProvider: Record<string, number>): string[] {
  const elsewhere = Object.entries(nodesByProvider).filter(([provider]) => provider !== requested)
  return elsewhere.map(
    ([provider, count]) =>
      `${count} nodes ran on ${provider}, not on ${requested}: the times are of both`,
  )
}
