import { readFileSync } from 'node:fs'
import type { NvmlReport } from '../core/doctor/nvmlReport'
import { NvmlError } from './nvmlError'
import { loadNvml, type NvmlLibrary } from './nvmlLibrary'
import { readText } from './nvmlText'

/** Loads NVML, starts it and asks each GPU for its name: what a monitor does first, told step by step. */
export function checkNvml(path?: string): NvmlReport {
  let library: NvmlLibrary
  try {
    library = loadNvml(path)
  } catch (error) {
    return { ...nothing, error: messageOf(error) }
  }
  const loaded = { ...nothing, isLoaded: true, libraryVersion: versionOfLoaded() }
  try {
    library.call('nvmlInit_v2')
    const count = [0]
    library.call('nvmlDeviceGetCount_v2', count)
    const faults = Array.from({ length: count[0]! }, (_, index) => faultOf(library, index))
    return {
      ...loaded,
      nvmlVersion: readText(library, 'nvmlSystemGetNVMLVersion'),
      driverVersion: readText(library, 'nvmlSystemGetDriverVersion'),
      gpuCount: count[0]!,
      faults: faults.filter((fault) => fault !== null),
    }
  } catch (error) {
    const errorCode = error instanceof NvmlError ? error.code : null
    return { ...loaded, error: messageOf(error), errorCode }
  } finally {
    library.code('nvmlShutdown')
  }
}

const nothing: NvmlReport = {
  isLoaded: false,
  libraryVersion: null,
  nvmlVersion: null,
  driverVersion: null,
  gpuCount: null,
  faults: [],
  error: null,
  errorCode: null,
}

function faultOf(library: NvmlLibrary, index: number): string | null {
  try {
    library.call('nvmlDeviceGetHandleByIndex_v2', index, [null])
    return null
  } catch (error) {
    return `GPU ${index}: ${messageOf(error)}`
  }
}

/** The driver puts its version into the name of the file behind the link; only Linux tells which was loaded. */
function versionOfLoaded(): string | null {
  try {
    return versionInMaps(readFileSync('/proc/self/maps', 'utf8'))
  } catch {
    return null
  }
}

/** @param maps as /proc/self/maps lists what is loaded */
export function versionInMaps(maps: string): string | null {
  return /libnvidia-ml\.so\.(\d+\.\d[\d.]*)/.exec(maps)?.[1] ?? null
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
