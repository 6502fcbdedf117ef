import { eventIterator, oc } from '@orpc/contract'
import * as z from 'zod'
import { ExecutionProvider } from '../core/device'
import { DecoderModel } from '../core/plan/decoderModel'
import {
  checkpointings,
  ImagePresetName,
  MethodName,
  PrecisionName,
  PresetName,
  ProfileName,
  StepMode,
  WorkloadOptimizer,
} from '../core/plan/workload'
import { EnginePhase, MeasuredMemory, Step, Validation } from '../core/run/record'
import { QuantizationAccuracy, QuantizedNetwork } from './quantization'

// What the application may ask of the engine process. The engine ends with its step: every figure
// leaves it as an event at once, so that a crash loses nothing that was measured.

/** One step as the engine gets it. */
export const StepRequest = z.object({
  mode: StepMode,
  preset: PresetName.nullable(),
  model: DecoderModel.nullable(),
  precision: PrecisionName,
  batchSize: z.int(),
  /** Tokens of a sample; null for images. */
  sequenceLength: z.int().nullable(),
  /** Optimizer steps on text; null for images, which are trained by epochs. */
  trainingSteps: z.int().nullable(),
  /** null: the usual one. */
  learningRate: z.number().nullable(),
  provider: ExecutionProvider,
  /** Of training. */
  optimizer: WorkloadOptimizer,
  method: MethodName,
  adapterRank: z.int(),
  gradientAccumulationSteps: z.int(),
  checkpointing: z.enum(checkpointings),
  profile: ProfileName,
  seed: z.int(),
  /** A step may be measured in several fresh processes, which share its time and samples evenly. */
  processCount: z.int().min(1),
  /** 0 to processCount − 1; only the first measures memory, trains and counts right answers. */
  processIndex: z.int().min(0),
  /** Folder that holds datasets/ and models/. */
  resourcesFolder: z.string(),
  /** Empty folder for ONNX Runtime's profile files. */
  scratchFolder: z.string(),
})
export type StepRequest = z.infer<typeof StepRequest>

export const EngineEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('phase'), phase: EnginePhase }),
  z.object({
    type: z.literal('progress'),
    fraction: z.number(),
    remainingMs: z.number().nullable(),
    throughputPerSecond: z.number().nullable(),
  }),
  z.object({ type: z.literal('latency'), samplesMs: z.array(z.number()) }),
  z.object({
    type: z.literal('epoch'),
    epoch: z.int(),
    loss: z.number(),
    testAccuracy: z.number(),
  }),
  /** Training losses of the optimizer steps that followed, in order. */
  z.object({ type: z.literal('losses'), losses: z.array(z.number()) }),
  z.object({ type: z.literal('validation'), validation: Validation }),
  /** Of a profiled session of its own, with proof of where the nodes ran. */
  z.object({
    type: z.literal('memory'),
    measured: MeasuredMemory,
    /** Provider that ran the nodes; the plan keeps the one that was asked for. */
    actualProvider: z.string().nullable(),
    nodesByProvider: z.record(z.string(), z.int()),
    memcpyNodes: z.int(),
  }),
  z.object({ type: z.literal('update'), update: Step.partial() }),
  z.object({ type: z.literal('ended'), update: Step.partial().required({ outcome: true }) }),
])
export type EngineEvent = z.infer<typeof EngineEvent>

export const ProviderProbe = z.object({
  /** Whether this build of ONNX Runtime knows the provider at all. */
  known: z.boolean(),
  /** Whether a one-operator session ran on it. */
  ran: z.boolean(),
  error: z.string().nullable(),
  /** What the arena of a session that was kept holds, by theory; absent where none was. */
  arenaBytes: z.number().optional(),
})
export type ProviderProbe = z.infer<typeof ProviderProbe>

export const engineContract = {
  versions: oc.output(z.object({ onnxruntime: z.string() })),
  probe: oc
    .input(
      z.object({
        provider: ExecutionProvider,
        /** Whether its session stays until the engine ends, so that it can be looked at from outside. */
        keepsSession: z.boolean(),
      }),
    )
    .output(ProviderProbe),
  runStep: oc.input(StepRequest).output(eventIterator(EngineEvent)),
  quantization: {
    network: oc
      .input(z.object({ preset: ImagePresetName, resourcesFolder: z.string() }))
      .output(QuantizedNetwork),
    accuracy: oc
      .input(
        z.object({
          preset: ImagePresetName,
          resourcesFolder: z.string(),
          alphas: z.record(z.string(), z.number()),
        }),
      )
      .output(QuantizationAccuracy),
  },
}
