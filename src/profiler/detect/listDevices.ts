import type { Device } from '../../core/device'
import { matchGpuByName, type GpuSpec } from '../../core/gpus'
import type { NvidiaReport } from './nvidiaSmi'
import type { SystemGpu } from './systemGpus'

/**
 * The GPUs of a machine, then its CPU. nvidia-smi speaks for NVIDIA's; the system's own list for all
 * others, and for NVIDIA's where nvidia-smi found none. `gpu-N` keeps nvidia-smi's index.
 */
export function listDevices(
  nvidia: NvidiaReport,
  systemGpus: readonly SystemGpu[],
  cpu: Device,
  specs: readonly GpuSpec[],
): Device[] {
  const fromSmi = nvidia.gpus.flatMap((gpu): Device[] => {
    const whole: Device = {
      id: `gpu-${gpu.index}`,
      name: gpu.name,
      kind: 'gpu',
      vendor: 'NVIDIA',
      memoryTotalBytes: gpu.memoryTotalBytes,
      memoryFreeBytes: gpu.memoryFreeBytes,
      unifiedMemory: false,
      driverVersion: gpu.driverVersion,
      computeCapability: gpu.computeCapability,
      powerLimitWatts: gpu.powerLimitWatts,
      gpuId: matchGpuByName(specs, gpu.name, gpu.memoryTotalBytes)?.id ?? null,
      source: 'nvidia-smi',
    }
    const instances = gpu.migEnabled
      ? nvidia.migDevices.filter(({ gpuIndex }) => gpuIndex === gpu.index)
      : []
    if (instances.length === 0) return [whole]
    // CUDA computes on an instance, never on the whole, whose figures would promise too much.
    return instances.map((instance) => ({
      ...whole,
      id: `${whole.id}-mig-${instance.index}`,
      name: `${gpu.name} MIG ${instance.profile ?? instance.index}`,
      memoryTotalBytes: instance.memoryTotalBytes,
      memoryFreeBytes: instance.memoryFreeBytes,
      powerLimitWatts: null,
      gpuId: null,
    }))
  })
  const firstFree = Math.max(-1, ...nvidia.gpus.map(({ index }) => index)) + 1
  const others = systemGpus.filter(({ vendor }) => vendor !== 'NVIDIA' || fromSmi.length === 0)
  const fromSystem = others.map((gpu, i): Device => ({
    ...gpu,
    id: `gpu-${firstFree + i}`,
    gpuId: matchGpuByName(specs, gpu.name, gpu.memoryTotalBytes)?.id ?? null,
  }))
  return [...fromSmi, ...fromSystem, cpu]
}
