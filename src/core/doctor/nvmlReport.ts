import * as z from 'zod'

/** How far NVML came when it was loaded and started, in a process of its own. */
export const NvmlReport = z.object({
  /** Whether the library was found. */
  isLoaded: z.boolean(),
  /** Of the driver that the library belongs to; null where its file's name does not tell. */
  libraryVersion: z.string().nullable(),
  nvmlVersion: z.string().nullable(),
  /** Of the driver that runs; null where NVML does not start. */
  driverVersion: z.string().nullable(),
  /** null where NVML does not start. */
  gpuCount: z.int().nullable(),
  /** One line for each GPU that is there and does not answer. */
  faults: z.array(z.string()),
  /** Why it was not loaded, or does not start. */
  error: z.string().nullable(),
  /** nvmlReturn_t, where NVML itself said so. */
  errorCode: z.int().nullable(),
})
export type NvmlReport = z.infer<typeof NvmlReport>
