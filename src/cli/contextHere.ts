import { join } from 'node:path'
import type { ProviderContext } from '../core/device'
import type { Job } from '../core/estimate/job'
import { readDevices } from '../profiler/detect/detectMachine'
import { probeProvider } from '../profiler/detect/probeProvider'
import { deviceOfProvider } from '../profiler/detect/providerStatus'
import { launchWithNode } from '../profiler/engineProcess'

/**
 * What a process of the engine holds beside its tensors, measured now, where the job is one of ONNX
 * Runtime on this machine's own GPU; else null. PyTorch loads other kernels and libraries into the same
 * driver's context, so a figure of ONNX Runtime says nothing about it.
 */
export async function contextHere({ runtime, gpu }: Job): Promise<ProviderContext | null> {
  if (runtime !== 'onnxruntime' || gpu === null) return null
  const devices = await readDevices(process.platform)
  const computing = deviceOfProvider('cuda', devices, {
    platform: process.platform,
    architecture: process.arch,
    cudaVisibleDevices: process.env.CUDA_VISIBLE_DEVICES,
  })
  if (!devices.some(({ id, gpuId }) => id === computing && gpuId === gpu)) return null
  const engineEntry = join(import.meta.dirname, 'engine.cjs')
  const { context } = await probeProvider({ launchEngine: launchWithNode, engineEntry }, 'cuda')
  return context ?? null
}
