import { summarizeLatency } from '../statistics/summarizeLatency'
import { fractionOfPeak } from './fractionOfPeak'
import { crowdedNotes } from './hostLoad'
import { predictFullDepth } from './predictDepth'
import type { LatencySummary, MeasuredMemory, Step } from './record'
import { unrolledStep } from './unrolledStep'

/** Fresh processes of one program differ by a few percent by where their memory happens to lie. */
const processTolerance = 0.05

/**
 * The step with every figure that follows from the raw samples it carries: latency and throughput
 * where it completed, memory however it ended. Used when a step ends and when a report checks it, so
 * it gives the same figures from its own output again.
 */
export function deriveStepFigures(step: Step): Step {
  const latencyMs = summarize(step)
  const measured = withDevicePeak(step)
  const throughputPerSecond = latencyMs && (1000 * samplesPerRun(step)) / latencyMs.median
  return {
    ...step,
    latencyMs,
    throughputPerSecond,
    ...arithmeticRates(step, latencyMs, throughputPerSecond),
    unrolledStep:
      step.outcome === 'completed' && step.unrolled
        ? unrolledStep(step.unrolled, samplesPerRun(step), step)
        : null,
    fullDepth:
      latencyMs && step.depth
        ? predictFullDepth(step.depth, latencyMs, {
            ...step,
            batchSize: samplesPerRun(step),
            memory: { ...step.memory, measured },
          })
        : null,
    memory: {
      ...step.memory,
      measured,
      unexplainedBytes: unexplainedBytes(step, measured),
      arenaSlackBytes: difference(measured?.reservedPeakBytes, measured?.allocatedPeakBytes),
      contextBytes: contextBytes(step, measured),
    },
  }
}

/** An optimizer step takes several micro-batches. */
function samplesPerRun({ batchSize, gradientAccumulationSteps }: Step): number {
  return batchSize * gradientAccumulationSteps
}

function arithmeticRates(
  { sequenceLength, flopsPerStep, devicePeak }: Step,
  latencyMs: LatencySummary | null,
  throughputPerSecond: number | null,
): Pick<Step, 'tokensPerSecond' | 'flopsPerSecond' | 'fractionOfPeak'> {
  const flopsPerSecond =
    latencyMs && flopsPerStep !== null ? (1000 * flopsPerStep) / latencyMs.median : null
  return {
    tokensPerSecond:
      throughputPerSecond === null || sequenceLength === null
        ? null
        : throughputPerSecond * sequenceLength,
    flopsPerSecond,
    fractionOfPeak: fractionOfPeak(flopsPerSecond, devicePeak),
  }
}

/** A step that broke off has samples, but nobody knows what its others would have been. */
function summarize(step: Step): LatencySummary | null {
  const { outcome, latencySamplesMs, runsPerSample } = step
  if (outcome !== 'completed' || latencySamplesMs.length === 0) return null
  const summary = summarizeLatency(latencySamplesMs, { runsPerSample })
  const warnings = [
    ...crowdedNotes(step.hostLoad),
    ...((step.samplesPerProcess?.length ?? 0) > 1 ? processWarnings(step) : summary.warnings),
  ]
  if (runsPerSample === 1) return { ...summary, warnings }
  const warning = `each sample is the mean of ${runsPerSample} runs, too short to be timed alone: no percentile of single runs is known`
  return { ...summary, warnings: [...warnings, warning] }
}

/** Processes lie on levels of their own, which is no warm-up: each is looked at by itself. */
function processWarnings({ latencySamplesMs, samplesPerProcess = [] }: Step): string[] {
  let start = 0
  const summaries = samplesPerProcess.flatMap((count) => {
    const samples = latencySamplesMs.slice(start, start + count)
    start += count
    return samples.length > 0 ? [summarizeLatency(samples)] : []
  })
  const warnings = summaries.flatMap((summary, index) =>
    summary.warnings.map((warning) => `process ${index + 1}: ${warning}`),
  )
  const low = Math.min(...summaries.map(({ median }) => median))
  const high = Math.max(...summaries.map(({ median }) => median))
  if (high <= (1 + processTolerance) * low) return warnings
  const percent = Math.round(100 * (high / low - 1))
  return [
    `the medians of ${summaries.length} processes differ by ${percent} %: the interval covers one machine state less well than it seems`,
    ...warnings,
  ]
}

/** The CPU has no memory of its own: there the engine process is what is looked at. */
function withDevicePeak({ executionProvider, memory, memorySamples }: Step): MeasuredMemory | null {
  const isCpu = executionProvider.requested === 'cpu'
  const readings = memorySamples.flatMap(
    ({ processBytes, deviceUsedBytes }) => (isCpu ? processBytes : deviceUsedBytes) ?? [],
  )
  const devicePeakBytes = readings.length > 0 ? readings.reduce((a, b) => Math.max(a, b)) : null
  if (memory.measured) return { ...memory.measured, devicePeakBytes }
  if (devicePeakBytes === null) return null
  return {
    allocatedPeakBytes: null,
    reservedPeakBytes: null,
    devicePeakBytes,
    baselineBytes: null,
    processBytes: null,
    source: samplingSource(executionProvider.requested),
  }
}

/** How `devicePeakBytes` is taken, in words. */
export function samplingSource(provider: string): string {
  return provider === 'cpu'
    ? 'resident set of the engine process, ten times a second'
    : 'used memory of the device as its driver tells it, all processes, the highest of each tenth of a second'
}

function unexplainedBytes({ memory }: Step, measured: MeasuredMemory | null): number | null {
  return difference(measured?.allocatedPeakBytes, memory.theory?.peakBytes)
}

/** Of the profiled session alone: what other sessions of the step take is none of its context. */
function contextBytes(step: Step, measured: MeasuredMemory | null): number | null {
  const reserved = measured?.reservedPeakBytes
  if (step.executionProvider.requested === 'cpu')
    return difference(measured?.processBytes, reserved)
  const used = step.memorySamples.flatMap(({ tMs, deviceUsedBytes }) =>
    deviceUsedBytes === null ? [] : [{ tMs, deviceUsedBytes }],
  )
  const start = step.phases.findIndex(({ phase }) => phase === 'memory')
  const [began, ended] = [step.phases[start]?.tMs, step.phases[start + 1]?.tMs ?? step.endedMs]
  const before = used[0]
  if (began === undefined || ended === null || !before || before.tMs >= began) return null
  const during = used.filter(({ tMs }) => tMs >= began && tMs <= ended)
  if (during.length === 0) return null
  const peak = Math.max(...during.map(({ deviceUsedBytes }) => deviceUsedBytes))
  return difference(peak - before.deviceUsedBytes, reserved)
}

function difference(whole: number | null = null, part: number | null = null): number | null {
  return whole === null || part === null ? null : whole - part
}
