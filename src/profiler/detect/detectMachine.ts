import { builtInGpus } from '../../core/builtInGpus'
import { executionProviders, type DevicesReport, type ExecutionProvider } from '../../core/device'
import type { ProviderProbe } from '../../protocol/engineContract'
import { listDevices } from './listDevices'
import { readNvidiaSmi } from './nvidiaSmi'
import { deviceOfProvider, providerStatus, type Platform } from './providerStatus'
import { describeController, readControllers } from './systemGpus'
import { cpuDevice, thisHost } from './thisHost'

export interface DetectOptions {
  /** Runs one operator on a provider, in an engine process of its own. */
  readonly probe: (provider: ExecutionProvider) => Promise<ProviderProbe>
  /** Headroom's own. */
  readonly version: string
  readonly onnxruntimeVersion: string | null
}

/**
 * What this machine has: its devices, GPUs first, and for each execution provider whether it runs,
 * or what is missing and how to get it. Every tool is given a time to answer; none makes it throw.
 */
export async function detectMachine({
  probe,
  version,
  onnxruntimeVersion,
}: DetectOptions): Promise<DevicesReport> {
  const here: Platform = {
    platform: process.platform,
    architecture: process.arch,
    cudaVisibleDevices: process.env.CUDA_VISIBLE_DEVICES,
  }
  const [devices, ...providers] = await Promise.all([
    readDevices(here.platform),
    ...executionProviders.map((provider) => providerStatus(provider, probe, here)),
  ])
  return {
    schema: 'headroom/devices/1',
    host: thisHost(version, onnxruntimeVersion),
    devices,
    executionProviders: providers.map((status) => ({
      ...status,
      deviceId: status.usable ? deviceOfProvider(status.name, devices, here) : null,
    })),
  }
}

/** The GPUs of this machine, then its CPU, without trying any provider. */
export async function readDevices(platform: NodeJS.Platform) {
  const nvidia = await readNvidiaSmi()
  // systeminformation asks nvidia-smi again, waiting without end: where it hangs it must not.
  const controllers = nvidia.status === 'timedOut' ? [] : await readControllers()
  const systemGpus = await Promise.all(
    controllers.map((controller) => describeController(controller, platform)),
  )
  return listDevices(nvidia, systemGpus, cpuDevice(), builtInGpus)
}
