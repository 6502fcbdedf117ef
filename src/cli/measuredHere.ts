import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { builtInGpus } from '../core/builtInGpus'
import type { EstimateContext } from '../core/estimate/estimateMemory'
import type { Job } from '../core/estimate/job'
import { measuredRates } from '../core/estimate/measuredRates'
import { findGpu } from '../core/gpus'
import type { RunRecord } from '../core/run/record'
import { defaultDataFolder, historyPath } from '../profiler/dataFolder'
import { listDevices } from '../profiler/detect/listDevices'
import { readNvidiaSmi } from '../profiler/detect/nvidiaSmi'
import { probeProvider } from '../profiler/detect/probeProvider'
import { deviceOfProvider } from '../profiler/detect/providerStatus'
import { cpuDevice } from '../profiler/detect/thisHost'
import { launchWithNode } from '../profiler/engineProcess'
import { openHistory } from '../profiler/history'
import { withCudaSetup } from '../profiler/setup/withCudaSetup'

/** Runs that are looked through for a peak: reading one takes milliseconds. */
const newestRuns = 20

export type MeasuredHere = Pick<EstimateContext, 'contextBytes' | 'contextSource'> & {
  /** By job, since each precision has its own. */
  readonly ratesOf: (job: Job) => Pick<EstimateContext, 'rates'>
}

export const nothingMeasured: MeasuredHere = { ratesOf: () => ({}) }

/**
 * What this machine knows of the GPU of a job better than the table, where it is its own: the rates that
 * stored runs reached, and for the onnxruntime runtime what a process holds beside its tensors, measured
 * now. PyTorch loads other kernels and libraries into the same driver's context, so that a figure of
 * ONNX Runtime says nothing about it.
 */
export async function measuredHere({ runtime, gpu: gpuId }: Job): Promise<MeasuredHere> {
  const gpu = gpuId === null ? null : findGpu(builtInGpus, gpuId)
  if (gpu === null) return nothingMeasured
  // Only NVIDIA's GPUs run CUDA, and where nvidia-smi is missing asking for it takes no time.
  const devices = listDevices(await readNvidiaSmi(), [], cpuDevice(), builtInGpus)
  const computing = deviceOfProvider('cuda', devices, {
    platform: process.platform,
    architecture: process.arch,
    cudaVisibleDevices: process.env.CUDA_VISIBLE_DEVICES,
  })
  const device = devices.find((each) => each.id === computing && each.gpuId === gpu.id)
  if (!device) return nothingMeasured
  const records = storedRuns(device.name)
  const ratesOf = (job: Job) => {
    const rates = measuredRates(job, gpu, records)
    return rates ? { rates } : {}
  }
  if (runtime !== 'onnxruntime') return { ratesOf }
  const engineEntry = join(import.meta.dirname, 'engine.cjs')
  const launchEngine = withCudaSetup(launchWithNode, defaultDataFolder())
  const { context } = await probeProvider({ launchEngine, engineEntry }, 'cuda')
  return context
    ? { ratesOf, contextBytes: context.bytes, contextSource: context.source }
    : { ratesOf }
}

function storedRuns(deviceName: string): readonly RunRecord[] {
  const file = historyPath(defaultDataFolder())
  if (!existsSync(file)) return []
  const history = openHistory({ file, warn: () => {} })
  try {
    return history
      .list()
      .filter((run) => run.deviceName === deviceName && run.intact && !run.otherVersion)
      .slice(0, newestRuns)
      .flatMap(({ id }) => history.get(id) ?? [])
  } finally {
    history.close()
  }
}
