import * as z from 'zod'

// Setting up CUDA: what is fetched, how far it is, and what there is afterwards. Sizes are bytes.

export const CudaFile = z.object({ name: z.string(), bytes: z.int(), sha256: z.string() })
export type CudaFile = z.infer<typeof CudaFile>

/** A wheel and the libraries that were taken out of it, or those of this machine that stand in for it. */
export const CudaPackage = z.object({
  /** As pip takes it: `nvidia-cublas~=13.0`. */
  requirement: z.string(),
  /** null where libraries of this machine are used. */
  fileName: z.string().nullable(),
  /** Of the wheel; 0 where there is none. */
  bytes: z.int(),
  sha256: z.string().nullable(),
  /** Folder of this machine whose libraries are linked to; null where they came as a wheel. */
  reusedFrom: z.string().nullable().default(null),
  files: z.array(CudaFile),
})
export type CudaPackage = z.infer<typeof CudaPackage>

/**
 * - `absent`: nothing was set up here.
 * - `incomplete`: a set-up broke off; the next one goes on from there.
 * - `otherVersion`: it is for another ONNX Runtime than the application's, which does not load it.
 * - `damaged`: a file is missing or has another size than was written.
 */
export const CudaSetupState = z.enum(['ready', 'absent', 'incomplete', 'otherVersion', 'damaged'])
export type CudaSetupState = z.infer<typeof CudaSetupState>

export const CudaSetupErrorCode = z.enum([
  'UNSUPPORTED',
  'BUSY',
  'NO_PYTHON',
  'NO_NETWORK',
  'NOT_FOUND',
  'WRONG_PLATFORM',
  'CHECKSUM',
  'CUT',
  'DISK_FULL',
  'CANCELLED',
  'FAILED',
])
export type CudaSetupErrorCode = z.infer<typeof CudaSetupErrorCode>

export const CudaSetupError = z.object({
  code: CudaSetupErrorCode,
  /** What happened and the way out, in one line. */
  message: z.string(),
  /** What pip said; null where it was not asked. */
  details: z.string().nullable(),
})
export type CudaSetupError = z.infer<typeof CudaSetupError>

/** The wheel that a set-up would take for a requirement. */
export const WantedWheel = z.object({
  /** As pip takes it: `nvidia-cublas~=13.0`. */
  requirement: z.string(),
  /** null where none was found, or nobody could be asked. */
  fileName: z.string().nullable(),
  /** null where the index does not tell. */
  bytes: z.int().nullable(),
})
export type WantedWheel = z.infer<typeof WantedWheel>

/** `headroom/setup/1`: the output of `headroom setup cuda --json`. */
export const CudaSetupReport = z.object({
  schema: z.literal('headroom/setup/1'),
  action: z.enum(['setUp', 'dryRun', 'undo', 'status']),
  state: CudaSetupState,
  folder: z.string(),
  onnxruntimeVersion: z.string(),
  /** Major version of CUDA that the provider asks for; null while the provider is not here. */
  cudaMajor: z.int().nullable(),
  /** What is in the folder. */
  packages: z.array(CudaPackage),
  /** What is still to be fetched, as pip takes it. */
  wanted: z.array(z.string()),
  /** `dryRun`: the wheels for `wanted`, in its order. Otherwise empty: nobody is asked. */
  wheels: z.array(WantedWheel),
  /** Sum over `wheels`; null where the size of one is unknown or nobody was asked. */
  wheelBytes: z.int().nullable(),
  /** What is not to be fetched, because this machine has it already, and where. */
  reusable: z.array(z.object({ requirement: z.string(), folder: z.string() })),
  /** Undone: what the disk got back. Otherwise what the folder takes. */
  bytes: z.int(),
  error: CudaSetupError.nullable(),
})
export type CudaSetupReport = z.infer<typeof CudaSetupReport>

export const CudaSetupEvent = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('progress'),
    /** The requirement that is worked on. */
    requirement: z.string(),
    phase: z.enum(['download', 'check', 'unpack']),
    doneBytes: z.int(),
    /** null where the index does not tell. */
    totalBytes: z.int().nullable(),
  }),
  z.object({ type: z.literal('package'), package: CudaPackage, isNew: z.boolean() }),
  /** The last event, whatever came of it. */
  z.object({ type: z.literal('ended'), report: CudaSetupReport }),
])
export type CudaSetupEvent = z.infer<typeof CudaSetupEvent>
