import * as z from 'zod'

/** Execution providers of ONNX Runtime that onnxruntime-node can carry on some platform. */
export const executionProviders = ['cpu', 'cuda', 'tensorrt', 'webgpu', 'dml', 'coreml'] as const
export const ExecutionProvider = z.enum(executionProviders)
export type ExecutionProvider = z.infer<typeof ExecutionProvider>

/** A GPU, or the CPU where it is the device: bytes; null where nobody reports the figure. */
export const Device = z.object({
  /** Stable within one machine: `gpu-0`, `cpu`. */
  id: z.string(),
  name: z.string(),
  kind: z.enum(['gpu', 'cpu']),
  vendor: z.string().nullable(),
  memoryTotalBytes: z.number().nullable(),
  memoryFreeBytes: z.number().nullable(),
  /** Whether the GPU shares the host's memory. */
  unifiedMemory: z.boolean(),
  driverVersion: z.string().nullable(),
  computeCapability: z.string().nullable(),
  powerLimitWatts: z.number().nullable(),
  /** Row of the built-in GPU table that this device is, where the name is known. */
  gpuId: z.string().nullable(),
  /** Who said so: `nvidia-smi`, `systeminformation`, `os`. */
  source: z.string(),
})
export type Device = z.infer<typeof Device>

/**
 * Whether a device only plays one: stand-ins carry the word in their name, and nothing that is computed
 * or timed on them means anything.
 */
export function isStandIn({ name }: Pick<Device, 'name'>): boolean {
  return /\bstub\b/i.test(name)
}

/** What a process holds of a device beside its tensors: context, loaded kernels, libraries. */
export const ProviderContext = z.object({
  bytes: z.number(),
  /** How it was measured, in words. */
  source: z.string(),
})
export type ProviderContext = z.infer<typeof ProviderContext>

/** Whether a provider can run here, or the exact missing piece and the way to get it. */
export const ProviderStatus = z.object({
  name: ExecutionProvider,
  usable: z.boolean(),
  /** Why not, in one line; null when usable. */
  reason: z.string().nullable(),
  /** What to do about it, in one line; null when usable or when nothing can be done here. */
  fix: z.string().nullable(),
  /** The one command that does it, to be copied; null where it takes more than one. */
  command: z.string().nullable(),
  /** What the provider itself printed, host names stripped; null when it printed nothing. */
  details: z.string().nullable(),
  /** Which device it computes on, by id; null when unusable. */
  deviceId: z.string().nullable(),
  /** Measured here, of this GPU, driver and ONNX Runtime; null where nobody reports it. */
  context: ProviderContext.nullable(),
})
export type ProviderStatus = z.infer<typeof ProviderStatus>

export const Host = z.object({
  os: z.string(),
  cpu: z.string(),
  logicalCores: z.int(),
  memoryBytes: z.number(),
  headroomVersion: z.string(),
  onnxruntimeVersion: z.string().nullable(),
})
export type Host = z.infer<typeof Host>

/** What this machine has, as `headroom devices --json` prints it. */
export const DevicesReport = z.object({
  schema: z.literal('headroom/devices/1'),
  host: Host,
  /** GPUs first; the CPU is always the last. */
  devices: z.array(Device),
  executionProviders: z.array(ProviderStatus),
})
export type DevicesReport = z.infer<typeof DevicesReport>
