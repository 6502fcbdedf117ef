import { type MemoryTerms, memoryTerms } from '../../core/estimate/memoryTerms'
import type { EnginePhase, RunRecord, Step } from '../../core/run/record'
import { decimate, type Point } from '../charts/decimate'

// What the hero chart shows of a run: measured memory above what was there before the step, over
// what the theory says that the step adds. Times are seconds after the run began.

/** More points than a line across the window has pixels say nothing more. */
const maxPointsPerStep = 800

export interface RunMemoryStep {
  readonly step: Step
  readonly startSeconds: number
  readonly endSeconds: number
  readonly phases: readonly PhaseSpan[]
  /** What the theory says is held, span by span; empty for a step without one. */
  readonly theory: readonly TheorySpan[]
  /** Bytes above `baseBytes`; empty until that is known. */
  readonly measured: readonly Point[]
  /** What was there before the step began to allocate; null while it is not known. */
  readonly baseBytes: number | null
}

export interface PhaseSpan {
  readonly phase: EnginePhase
  readonly startSeconds: number
  readonly endSeconds: number
}

export interface TheorySpan {
  readonly startSeconds: number
  readonly endSeconds: number
  readonly terms: MemoryTerms
}

/** Which figure of a sample is the device's: the engine process where the CPU is the device. */
export type MemorySource = 'process' | 'device'

export function memorySource({ device }: Pick<RunRecord, 'device'>): MemorySource {
  return device.kind === 'cpu' ? 'process' : 'device'
}

/** Every step that has begun, in order. */
export function runMemory(record: RunRecord): readonly RunMemoryStep[] {
  const source = memorySource(record)
  return record.steps.flatMap((step) => {
    const shown = stepMemory(step, source)
    return shown ? [shown] : []
  })
}

/** Steps are replaced when they change, so what is known of one holds as long as it does. */
const known: Readonly<Record<MemorySource, WeakMap<Step, RunMemoryStep | null>>> = {
  process: new WeakMap(),
  device: new WeakMap(),
}

function stepMemory(step: Step, source: MemorySource): RunMemoryStep | null {
  const before = known[source].get(step)
  if (before !== undefined) return before
  const shown = computeStepMemory(step, source)
  known[source].set(step, shown)
  return shown
}

function computeStepMemory(step: Step, source: MemorySource): RunMemoryStep | null {
  if (step.startedMs === null) return null
  const startSeconds = step.startedMs / 1000
  const lastMs = Math.max(
    step.startedMs,
    step.memorySamples.at(-1)?.tMs ?? 0,
    step.phases.at(-1)?.tMs ?? 0,
  )
  const endSeconds = (step.endedMs ?? lastMs) / 1000
  const phases = step.phases.map(({ phase, tMs }, i) => ({
    phase,
    startSeconds: tMs / 1000,
    endSeconds: (step.phases[i + 1]?.tMs ?? endSeconds * 1000) / 1000,
  }))
  const baseBytes = baselineBytes(step, source)
  return {
    step,
    startSeconds,
    endSeconds,
    phases,
    theory: theorySpans(step, phases, startSeconds, endSeconds),
    baseBytes,
    measured: baseBytes === null ? [] : measuredPoints(step, source, baseBytes),
  }
}

/**
 * The engine process before it had a session, as it measured itself; on a device, the first sample.
 * A step that ended without saying so is taken from its first sample too.
 */
function baselineBytes(step: Step, source: MemorySource): number | null {
  const first = () => firstValue(step, source)
  if (source === 'device') return first()
  const measured = step.memory.measured?.baselineBytes ?? null
  return measured ?? (step.endedMs === null ? null : first())
}

function firstValue(step: Step, source: MemorySource): number | null {
  for (const sample of step.memorySamples) {
    const bytes = source === 'process' ? sample.processBytes : sample.deviceUsedBytes
    if (bytes !== null) return bytes
  }
  return null
}

function measuredPoints(step: Step, source: MemorySource, baseBytes: number): readonly Point[] {
  const points: Point[] = []
  for (const { tMs, processBytes, deviceUsedBytes } of step.memorySamples) {
    const bytes = source === 'process' ? processBytes : deviceUsedBytes
    // A process that is still starting holds less than the baseline: that is 0 above it.
    if (bytes !== null) points.push([tMs / 1000, Math.max(0, bytes - baseBytes)])
  }
  return decimate(points, maxPointsPerStep)
}

/** The weights while they are loaded, then what is held at the peak. */
function theorySpans(
  { memory }: Step,
  phases: readonly PhaseSpan[],
  startSeconds: number,
  endSeconds: number,
): readonly TheorySpan[] {
  if (memory.theory === null) return []
  const { terms } = memory.theory
  const loadedSeconds = phases.find(({ phase }) => phase !== 'load')?.startSeconds ?? endSeconds
  const weights = memoryTerms({ weightsBytes: terms.weightsBytes })
  return [
    { startSeconds, endSeconds: loadedSeconds, terms: weights },
    { startSeconds: loadedSeconds, endSeconds, terms },
  ].filter((span) => span.endSeconds > span.startSeconds)
}
