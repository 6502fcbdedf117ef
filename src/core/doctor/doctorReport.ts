import * as z from 'zod'
import { DevicesReport, ProviderStatus } from '../device'

export const DoctorCheck = z.object({
  name: z.enum(['versions', 'dataFolder', 'disk', 'history', 'driver', 'nvml', 'cuda', 'cudnn']),
  /** `absent`: not here, and not needed for what is. A warning costs something, a failure everything. */
  status: z.enum(['ok', 'warning', 'failed', 'absent']),
  /** What was found, in one line. */
  found: z.string(),
  fix: z.string().nullable(),
  /** The one command that does it; null where none does, or nothing is to be done. */
  command: z.string().nullable(),
})
export type DoctorCheck = z.infer<typeof DoctorCheck>

/** `headroom/doctor/1`: the output of `headroom doctor --json`; what `headroom devices` prints, and checks. */
export const DoctorReport = z.object({
  ...DevicesReport.shape,
  schema: z.literal('headroom/doctor/1'),
  /** Whether the best provider for the GPU can be used, or the CPU where there is no GPU, and no check failed. */
  isHealthy: z.boolean(),
  /** The provider that should compute here; null where ONNX Runtime has none for this GPU and system. */
  wanted: ProviderStatus.shape.name.nullable(),
  checks: z.array(DoctorCheck),
})
export type DoctorReport = z.infer<typeof DoctorReport>
