import { nvmlCodes } from './nvmlError'
import type { NvmlLibrary } from './nvmlLibrary'

/** NVML's longest texts are 96 characters. */
const textBytes = 128

/** A text of the driver's, or of a device where its handle is given; null where it is not told. */
export function readText(
  library: NvmlLibrary,
  name:
    | 'nvmlSystemGetDriverVersion'
    | 'nvmlSystemGetNVMLVersion'
    | 'nvmlDeviceGetName'
    | 'nvmlDeviceGetUUID',
  ...handle: readonly unknown[]
): string | null {
  const buffer = Buffer.alloc(textBytes)
  if (library.code(name, ...handle, buffer, textBytes) !== nvmlCodes.success) return null
  return buffer.toString('utf8', 0, buffer.indexOf(0)).trim() || null
}
