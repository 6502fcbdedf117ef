import { NvmlError } from './nvmlError'
import type { NvmlLibrary } from './nvmlLibrary'

/** Whether `call` succeeded; false leaves a gap, which is drawn as one. @throws NvmlError that is fatal */
export function isReported(call: () => void): boolean {
  try {
    call()
    return true
  } catch (error) {
    if (error instanceof NvmlError && !error.isFatal) return false
    throw error
  }
}

/** One number of a device in NVML's own unit; null where it is not reported. */
export function readFigure(
  library: NvmlLibrary,
  name: Parameters<NvmlLibrary['call']>[0],
  handle: unknown,
  ...args: readonly unknown[]
): number | null {
  const result = [0]
  return isReported(() => library.call(name, handle, ...args, result)) ? Number(result[0]) : null
}
