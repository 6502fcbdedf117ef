/** Return codes of NVML that decide what happens next (nvml.h, nvmlReturn_t). */
export const nvmlCodes = {
  success: 0,
  uninitialized: 1,
  notSupported: 3,
  noPermission: 4,
  insufficientSize: 7,
  driverNotLoaded: 9,
  timeout: 10,
  functionNotFound: 13,
  gpuIsLost: 15,
  resetRequired: 16,
  libRmVersionMismatch: 18,
  argumentVersionMismatch: 25,
  unknown: 999,
} as const

/** After these no figure of the device can be had until somebody acts; any other leaves a gap. */
const fatal: ReadonlySet<number> = new Set([
  nvmlCodes.uninitialized,
  nvmlCodes.driverNotLoaded,
  nvmlCodes.gpuIsLost,
  nvmlCodes.resetRequired,
  nvmlCodes.libRmVersionMismatch,
])

/** A call of NVML that did not succeed. */
export class NvmlError extends Error {
  constructor(
    readonly call: string,
    readonly code: number,
    readonly text: string,
  ) {
    super(`${call}: ${text} (${code})`)
    this.name = 'NvmlError'
  }

  /** Whether the device or the driver is gone, rather than one figure not reported. */
  get isFatal(): boolean {
    return fatal.has(this.code)
  }
}
