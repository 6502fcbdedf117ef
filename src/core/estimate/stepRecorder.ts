import type { TrainPhase } from './estimate'
import { type KindBytes, noKindBytes, type Segment, type Storage } from './tape/liveMemory'
import type { Tape, Value } from './tape/tape'

/** The highest moment of a stretch of the step, for the model's real depth. */
export interface StepMoment {
  readonly phase: TrainPhase
  readonly label: string
  readonly peakBytes: number
  /** Bytes by `tensorKinds`. */
  readonly byKind: KindBytes
}

/**
 * Equal layers, of which one is simulated. What it leaves behind in forward (`growth`) and changes
 * in backward (`change`) holds for each of the others, so every moment of the deeper model is that
 * of the simulated one plus multiples of these.
 */
interface Run {
  readonly label: string
  /** Layers beyond the simulated one. */
  readonly extra: number
  readonly start: number
  readonly before: KindBytes
  readonly growth: KindBytes
  /** Part of `growth` that is gone before backward begins. */
  readonly freedEarly: KindBytes
  readonly change: KindBytes
}

/** Bytes that the operators of a micro-batch write at the model's depth, by what they do. */
export interface WrittenBytes {
  readonly forward: number
  readonly loss: number
  readonly recompute: number
  readonly backward: number
  /** Not written: what backward reads of the tensors that forward kept. */
  readonly saved: number
}

interface Stretch {
  readonly segment: Segment
  readonly phase: TrainPhase
  /** How often the step goes through it; 0 where it is another one's moment looked at again. */
  readonly times: number
  /** Runs whose extra layers hold their activations by then. */
  readonly grown: readonly Run[]
  /** Runs whose extra layers have been through backward by then. */
  readonly changed: readonly Run[]
}

/** Cuts a simulated step into stretches and scales each to the model's depth. */
export class StepRecorder {
  private readonly runs: Run[] = []
  private readonly stretches: Stretch[] = []
  /** Position in the graph after each run. */
  private readonly ends = new Map<Run, number>()
  private readonly copiedIn = new Map<Storage, Run>()

  constructor(private readonly tape: Tape) {}

  forward(label: string): void {
    this.enter(label, 'forward', [...this.runs], [])
  }

  loss(label: string): void {
    this.enter(label, 'loss', [...this.runs], [])
  }

  beginRun(label: string, count: number): Run {
    const run: Run = {
      label,
      extra: count - 1,
      start: this.tape.position,
      before: this.tape.memory.byKind.slice(),
      growth: noKindBytes(),
      freedEarly: noKindBytes(),
      change: noKindBytes(),
    }
    this.runs.push(run)
    this.enter(label, 'forward', [...this.runs], [], count)
    return run
  }

  /**
   * Closes a run. `held` is an input that the model's frame keeps beyond the layer: only the first
   * layer has such a one, so it does not count towards what each layer leaves behind.
   */
  endRun(run: Run, held: Value | null): void {
    subtract(run.growth, this.tape.memory.byKind, run.before)
    if (held) {
      const { kind, bytes } = held.storage
      run.growth[kind] = (run.growth[kind] ?? 0) - bytes
    }
    for (const storage of this.tape.autocastCopies()) {
      if (!this.copiedIn.has(storage)) this.copiedIn.set(storage, run)
    }
    this.ends.set(run, this.tape.position)
  }

  /** 16-bit copies of weights go, but for those that backward reads; so do those of equal layers. */
  leaveAutocast(): void {
    const copies = this.tape.autocastCopies()
    this.tape.leaveAutocast()
    for (const storage of copies) {
      const run = this.copiedIn.get(storage)
      if (storage.holders > 0 || !run) continue
      run.freedEarly[storage.kind] = (run.freedEarly[storage.kind] ?? 0) + storage.bytes
    }
  }

  /** Opens the stretch from the loss back to the last layer; seed the loss after it. */
  beginBackward(label: string): void {
    this.enter(label, 'backward', [...this.runs], [])
  }

  /** Walks back through everything recorded. */
  finishBackward(): void {
    const { tape } = this
    const done: Run[] = []
    for (const run of this.runs.toReversed()) {
      tape.backwardTo(this.ends.get(run) ?? 0)
      const open = this.runs.filter((each) => !done.includes(each))
      this.enter(run.label, 'backward', open, done, run.extra + 1)
      const before = tape.memory.byKind.slice()
      tape.backwardTo(run.start)
      subtract(run.change, tape.memory.byKind, before)
      done.push(run)
      // The same moment once more, as it is when the run's first layer is the last to be walked.
      const { segment } = this.stretches.at(-1) ?? {}
      if (segment && run.extra > 0) {
        const others = open.filter((each) => each !== run)
        const changed = [...done]
        this.stretches.push({ segment, phase: 'backward', times: 0, grown: others, changed })
      }
      this.enter(
        'embedding',
        'backward',
        this.runs.filter((each) => !done.includes(each)),
        done,
      )
    }
    tape.backwardTo(0)
  }

  private enter(
    label: string,
    phase: TrainPhase,
    grown: readonly Run[],
    changed: readonly Run[],
    times = 1,
  ): void {
    const segment = this.tape.memory.enter(label)
    this.stretches.push({ segment, phase, times, grown: [...grown], changed: [...changed] })
  }

  /** What one micro-batch writes at the model's depth, up to the end of backward. */
  written(): WrittenBytes {
    const bytes = { forward: 0, loss: 0, recompute: 0, backward: 0, saved: 0 }
    for (const { segment, phase, times } of this.stretches) {
      if (phase === 'optimizer') continue
      bytes[phase] += times * segment.writtenBytes
      bytes.recompute += times * segment.recomputedBytes
      bytes.saved += times * segment.savedBytesRead
    }
    return bytes
  }

  moments(): readonly StepMoment[] {
    return this.stretches.map(({ segment, phase, grown, changed }) => {
      const byKind = segment.atPeak.slice()
      for (const run of grown) addScaled(byKind, run.growth, run.extra)
      for (const run of changed) {
        addScaled(byKind, run.growth, run.extra)
        addScaled(byKind, run.change, run.extra)
      }
      if (phase === 'backward') {
        for (const run of this.runs) addScaled(byKind, run.freedEarly, -run.extra)
      }
      return { phase, label: segment.label, peakBytes: sum(byKind), byKind }
    })
  }
}

function subtract(into: KindBytes, after: KindBytes, before: KindBytes): void {
  for (let i = 0; i < into.length; i += 1) into[i] = (after[i] ?? 0) - (before[i] ?? 0)
}

function addScaled(into: KindBytes, from: KindBytes, factor: number): void {
  for (let i = 0; i < into.length; i += 1) into[i] = (into[i] ?? 0) + factor * (from[i] ?? 0)
}

function sum(values: KindBytes): number {
  let total = 0
  for (const value of values) total += value
  return total
}
