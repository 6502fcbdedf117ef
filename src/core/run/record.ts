import * as z from 'zod'
import { Device, Host } from '../device'
import { memoryTermNames } from '../estimate/memoryTerms'
import { PrecisionName, StepMode, Workload } from '../plan/workload'
import { DeviceConditions } from './deviceConditions'
import { HostLoad } from './hostLoad'

// The run record: what a benchmark found, complete enough that every figure in it can be computed
// again from the raw samples it carries. Times are ms, sizes bytes, unknown is null.

/** How a step ended. `planned` and `running` exist only while the run lasts, never in a stored record. */
export const StepOutcome = z.enum([
  'planned',
  'running',
  'completed',
  'outOfMemory',
  'hostOutOfMemory',
  'crashed',
  'hung',
  'deviceLost',
  'diverged',
  'cancelled',
  'skipped',
  'unsupported',
])
export type StepOutcome = z.infer<typeof StepOutcome>

export const MemoryTermsSchema = z.object(
  Object.fromEntries(memoryTermNames.map((name) => [name, z.number()])) as Record<
    (typeof memoryTermNames)[number],
    z.ZodNumber
  >,
)

/** Median with its 95 % interval; a percentile is null where too few samples stand behind it. */
export const LatencySummary = z.object({
  sampleCount: z.int(),
  median: z.number(),
  ciLow: z.number(),
  ciHigh: z.number(),
  p90: z.number().nullable(),
  p99: z.number().nullable(),
  warnings: z.array(z.string()),
})
export type LatencySummary = z.infer<typeof LatencySummary>

/** Memory of one moment, `tMs` after the run began. */
export const MemorySample = z.object({
  tMs: z.number(),
  /** Resident set of the engine process. */
  processBytes: z.number().nullable(),
  /** Used memory of the device, all processes: the highest since the sample before. */
  deviceUsedBytes: z.number().nullable(),
})
export type MemorySample = z.infer<typeof MemorySample>

/** What the engine does inside a step, in this order. */
export const EnginePhase = z.enum([
  'load',
  'memory',
  'train',
  'peak',
  'warmup',
  'measure',
  'unrolled',
  'depth',
  'accuracy',
])
export type EnginePhase = z.infer<typeof EnginePhase>

export const TheoryMemory = z.object({
  /** Bytes by purpose at the peak. */
  terms: MemoryTermsSchema,
  peakBytes: z.number(),
  /** Where the peak is: forward, loss, backward, optimizer; inference: load, prefill, decode. */
  peakPhase: z.string(),
  phases: z.array(z.object({ phase: z.string(), peakBytes: z.number(), terms: MemoryTermsSchema })),
  /** What the arena grows to; null on a CPU, whose arena no graph tells. */
  reservedPeakBytes: z.number().nullable(),
})
export type TheoryMemory = z.infer<typeof TheoryMemory>

export const MeasuredMemory = z.object({
  /** Peak that ONNX Runtime's own profile counts in its arena, feeds included. */
  allocatedPeakBytes: z.number().nullable(),
  /** What the arena held. */
  reservedPeakBytes: z.number().nullable(),
  /** Peak of the device (NVML), or of the engine process where the CPU is the device. */
  devicePeakBytes: z.number().nullable(),
  /** The engine process before a session existed: Node.js and ONNX Runtime themselves. */
  baselineBytes: z.number().nullable(),
  /** The engine process while the profiled session stood, after its runs. */
  processBytes: z.number().nullable(),
  /** How each was taken, in words. */
  source: z.string(),
})
export type MeasuredMemory = z.infer<typeof MeasuredMemory>

export const StepAccuracy = z.object({
  dataset: z.string(),
  /** Fraction of the test set (text: of the next tokens) answered rightly, 0 to 1; null where only the loss is known. */
  top1: z.number().nullable(),
  top1Fp32: z.number().nullable(),
  /** Fraction of the test set on which it answers as fp32 does. */
  agreementWithFp32: z.number().nullable(),
  /** Of the logits with those of fp32. */
  cosineSimilarity: z.number().nullable(),
  sqnrDb: z.number().nullable(),
  /** Text: mean cross-entropy of the next token over the validation split, nats; null for images. */
  validationLoss: z.number().nullable(),
  /** e to the power of `validationLoss`. */
  perplexity: z.number().nullable(),
})
export type StepAccuracy = z.infer<typeof StepAccuracy>

/** fp16-mixed training: what the loss scaler met. */
export const LossScaling = z.object({
  overflowSteps: z.int(),
  /** Gradient elements that were nonzero in fp32 and 0 in fp16; null where not counted. */
  underflowedElements: z.number().nullable(),
  finalScale: z.number(),
})
export type LossScaling = z.infer<typeof LossScaling>

/** The loss on the validation split after `step` optimizer steps; 0 is before the first. */
export const Validation = z.object({ step: z.int(), loss: z.number() })
export type Validation = z.infer<typeof Validation>

/** The most that the device gave in this process, by probes that do nothing else. */
export const DevicePeak = z.object({
  /** Of one matrix product after the other, in `precision`. */
  flopsPerSecond: z.number(),
  precision: z.string(),
  /** Read and written, of one copy after the other. */
  bytesPerSecond: z.number(),
  /** How both were taken, in words. */
  source: z.string(),
})
export type DevicePeak = z.infer<typeof DevicePeak>

/** The same step of fewer layers, measured where only a part of a model is run. */
export const DepthProbe = z.object({
  /** Layers that were run, of how many, and of the second measurement. */
  layerCount: z.int(),
  fullLayerCount: z.int(),
  shallowLayerCount: z.int(),
  shallowSamplesMs: z.array(z.number()),
  shallowAllocatedPeakBytes: z.number().nullable(),
})
export type DepthProbe = z.infer<typeof DepthProbe>

/** What all layers of the model would take: predicted, not measured. */
export const FullDepth = z.object({
  layerCount: z.int(),
  latencyMs: z.number(),
  /** At least 95 % between them, if every layer costs the same. */
  lowMs: z.number(),
  highMs: z.number(),
  tokensPerSecond: z.number(),
  allocatedPeakBytes: z.number().nullable(),
})
export type FullDepth = z.infer<typeof FullDepth>

/** Runs of graphs that take some training steps each, with the state made in the graph and left there. */
export const UnrolledProbe = z.object({
  /** Steps of the shorter graph and of the longer. */
  shortStepCount: z.int(),
  longStepCount: z.int(),
  shortSamplesMs: z.array(z.number()),
  longSamplesMs: z.array(z.number()),
})
export type UnrolledProbe = z.infer<typeof UnrolledProbe>

/** A training step whose state stays on the device: what the longer graph took more, for each step. */
export const UnrolledStep = z.object({
  latencyMs: z.number(),
  /** At least 95 % between them. */
  lowMs: z.number(),
  highMs: z.number(),
  throughputPerSecond: z.number(),
  tokensPerSecond: z.number().nullable(),
  flopsPerSecond: z.number().nullable(),
  fractionOfPeak: z.number().nullable(),
})
export type UnrolledStep = z.infer<typeof UnrolledStep>

export const Step = z.object({
  mode: StepMode,
  precision: PrecisionName,
  /** In which type the arithmetic really runs: fp16 on a CPU computes in fp32. */
  computePrecision: z.string(),
  int8Mode: z.enum(['int8-gemm', 'int8-weights']).optional(),
  network: z.object({ name: z.string(), parameterCount: z.number() }),
  batchSize: z.int(),
  /** Micro-batches of `batchSize` in each optimizer step; 1 in inference. */
  gradientAccumulationSteps: z.int(),
  /** Tokens of one sample; null where samples are images. */
  sequenceLength: z.int().nullable(),
  optimizer: z.string().nullable(),
  /** `full`, `lora`, `qlora` or `qlora-8bit`; null in inference. */
  method: z.string().nullable(),
  outcome: StepOutcome,
  /** Why it was skipped or how it failed, one line. */
  reason: z.string().optional(),
  /** What a reader must know to read the figures rightly. */
  notes: z.array(z.string()),
  /** The provider's own words, host names stripped, where it printed any. */
  details: z.string().optional(),
  executionProvider: z.object({
    requested: z.string(),
    actual: z.string().nullable(),
    nodesByProvider: z.record(z.string(), z.int()),
    memcpyNodes: z.int().nullable(),
  }),
  latencyMs: LatencySummary.nullable(),
  /** Samples (images, sequences) per second at the median. */
  throughputPerSecond: z.number().nullable(),
  tokensPerSecond: z.number().nullable(),
  /** Of all matrix products and convolutions in the graph: 2 for each multiplication with its addition. */
  flopsPerStep: z.number().nullable(),
  devicePeak: DevicePeak.nullable(),
  /** `flopsPerStep` at the median latency, and over the measured peak unless that lies below it. */
  flopsPerSecond: z.number().nullable(),
  fractionOfPeak: z.number().nullable(),
  /**
   * Of training on CPU and CUDA: its step without the state's way in and out, by the difference of two
   * runs; the step is null where noise was as large as that difference.
   */
  unrolled: UnrolledProbe.nullable(),
  unrolledStep: UnrolledStep.nullable(),
  /** Of a model of which a part was run: what was measured beside it, and what follows for all of it. */
  depth: DepthProbe.nullable(),
  fullDepth: FullDepth.nullable(),
  memory: z.object({
    /** null where no graph is built for this kind of step. */
    theory: TheoryMemory.nullable(),
    measured: MeasuredMemory.nullable(),
    /** Measured allocated peak less the theory's; null where one is missing. */
    unexplainedBytes: z.number().nullable(),
    /** What the arena held beyond the allocated peak. */
    arenaSlackBytes: z.number().nullable(),
    /**
     * What process (CPU) or device took beside the arena: Node.js and ONNX Runtime themselves, and the
     * model; on a GPU its context and kernels. null where nobody told while the profiled session stood.
     */
    contextBytes: z.number().nullable(),
  }),
  accuracy: StepAccuracy.nullable(),
  /** Training loss: images, the mean of each epoch; text, of each optimizer step. */
  loss: z.array(z.number()).nullable(),
  epochs: z.array(z.object({ epoch: z.int(), loss: z.number(), testAccuracy: z.number() })),
  /** Text: the same sequences each time, so that precisions can be compared. */
  validation: z.array(Validation),
  lossScaling: LossScaling.nullable(),
  /** Each value is the mean of `runsPerSample` runs, in ms; a warm-up is not among them. */
  latencySamplesMs: z.array(z.number()),
  runsPerSample: z.int(),
  /** How many of the samples each process took, in order; missing where one took all. */
  samplesPerProcess: z.array(z.int()).optional(),
  memorySamples: z.array(MemorySample),
  /** Whether the GPU was shared or throttled meanwhile; missing where nobody told, as on a CPU. */
  deviceConditions: DeviceConditions.optional(),
  /** Of the process that shared the processors most; missing where the system does not tell. */
  hostLoad: HostLoad.optional(),
  /** When each phase began, ms after the run began. */
  phases: z.array(z.object({ phase: EnginePhase, tMs: z.number() })),
  startedMs: z.number().nullable(),
  endedMs: z.number().nullable(),
})
export type Step = z.infer<typeof Step>

export const RunOutcome = z.enum(['running', 'completed', 'partial', 'cancelled', 'failed'])
export type RunOutcome = z.infer<typeof RunOutcome>

/** `headroom/run/1`: the output of `headroom run --json`. */
export const RunRecord = z.object({
  schema: z.literal('headroom/run/1'),
  /** ULID. */
  id: z.string(),
  /** ISO 8601, UTC. */
  startedAt: z.string(),
  host: Host,
  device: Device,
  workload: Workload,
  outcome: RunOutcome,
  steps: z.array(Step),
})
export type RunRecord = z.infer<typeof RunRecord>
