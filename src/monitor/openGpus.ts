import type { FastFigures, SlowFigures } from '../core/monitor/figures'
import type { MonitoredGpu } from '../core/monitor/monitorState'
import { openAmdGpus } from './amdGpus'
import { openNvml, type Nvml } from './nvml'

/** A GPU that can be read. */
export interface GpuReader extends Omit<MonitoredGpu, 'fault'> {
  /** @throws Error where the GPU is gone */
  readonly readFast: () => FastFigures
  /** @throws Error where the GPU is gone */
  readonly readSlow: () => SlowFigures
}

export interface OpenGpus {
  readonly readers: readonly GpuReader[]
  /** There, and silent from the start. */
  readonly lost: readonly MonitoredGpu[]
  /** Why NVML does not answer, in one line; null where it does. */
  readonly problem: string | null
}

/** Every GPU that a driver of this system tells of without a tool: NVIDIA's by NVML, AMD's by sysfs. */
export function openGpus(): OpenGpus {
  const { nvml, problem } = tryNvml()
  const { driverVersion = null, devices = [], gpuCount = 0, lost = new Map() } = nvml ?? {}
  const nvidia = devices.map(({ id, name, uuid, readFast, readSlow }): GpuReader => ({
    id,
    name,
    uuid,
    driverVersion,
    source: 'nvml',
    readFast,
    readSlow,
  }))
  const amd = openAmdGpus(gpuCount)
  return {
    readers: [...nvidia, ...amd],
    lost: [...lost].map(([index, error]) => ({
      id: `gpu-${index}`,
      name: `GPU ${index}`,
      uuid: null,
      driverVersion,
      source: 'nvml',
      fault: error.message,
    })),
    problem,
  }
}

function tryNvml(): { readonly nvml: Nvml | null; readonly problem: string | null } {
  try {
    return { nvml: openNvml(), problem: null }
  } catch (error) {
    // No library, no driver, or one that does not fit its library: all of them are an answer.
    return { nvml: null, problem: error instanceof Error ? error.message : String(error) }
  }
}
