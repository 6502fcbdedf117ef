import { builtInGpus } from '../../core/builtInGpus'
import { executionProviders, type DevicesReport, type ExecutionProvider } from '../../core/device'
import { listDevices } from './listDevices'
import { type NvidiaReport, readNvidiaSmi } from './nvidiaSmi'
import { readNvidiaSystem } from './nvidiaSystem'
import type { ProviderTrial } from './probeProvider'
import { deviceOfProvider, providerStatus, type Platform } from './providerStatus'
import { describeController, readControllers } from './systemGpus'
import { cpuDevice, thisHost } from './thisHost'

export interface DetectOptions {
  /** Runs one operator on a provider, in an engine process of its own. */
  readonly probe: (provider: ExecutionProvider) => Promise<ProviderTrial>
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
  const nvidia = readNvidiaSmi()
  const system = async () => (here.platform === 'linux' ? readSystem(await nvidia) : null)
  const [devices, ...providers] = await Promise.all([
    readDevices(here.platform, nvidia),
    ...executionProviders.map((provider) => providerStatus(provider, probe, here, system)),
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
export async function readDevices(platform: NodeJS.Platform, asked = readNvidiaSmi()) {
  const nvidia = await asked
  // systeminformation asks nvidia-smi again, waiting without end: where it hangs it must not.
  const controllers = nvidia.status === 'timedOut' ? [] : await readControllers()
  const systemGpus = await Promise.all(
    controllers.map((controller) => describeController(controller, platform)),
  )
  return listDevices(nvidia, systemGpus, cpuDevice(), builtInGpus)
}

function readSystem({ gpus, migDevices, problem }: NvidiaReport) {
  const isMigWithoutInstances = gpus.some(
    ({ index, migEnabled }) => migEnabled && !migDevices.some(({ gpuIndex }) => gpuIndex === index),
  )
  return readNvidiaSystem({ smiProblem: problem, isMigWithoutInstances }, process.env)
}
