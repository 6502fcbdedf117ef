import type { Device, ExecutionProvider, ProviderStatus } from '../../core/device'
import { explainProviderFailure } from './explainProviderFailure'
import type { NvidiaSystem } from './nvidiaSystem'
import type { ProviderTrial } from './probeProvider'
import { absentOnPlatform, canExistOn } from './platformProviders'
import { withoutPrivateParts } from './withoutPrivateParts'

/** The system that the engine runs on. */
export interface Platform {
  readonly platform: NodeJS.Platform
  readonly architecture: string
  /** CUDA_VISIBLE_DEVICES as the engine will see it. */
  readonly cudaVisibleDevices?: string | undefined
}

/** Whether `provider` can run here; only one that this platform's build may have is tried. */
export async function providerStatus(
  provider: ExecutionProvider,
  probe: (provider: ExecutionProvider) => Promise<ProviderTrial>,
  here: Platform,
  system: () => Promise<NvidiaSystem | null> = () => Promise.resolve(null),
): Promise<Omit<ProviderStatus, 'deviceId'>> {
  const nothing = { name: provider, fix: null, command: null, details: null, context: null }
  const failed = { ...nothing, usable: false }
  if (!canExistOn(provider, here.platform, here.architecture)) {
    return { ...failed, reason: absentOnPlatform(provider) }
  }
  const { known, ran, error, context = null } = await probe(provider)
  if (ran) return { ...nothing, usable: true, reason: null, context }
  if (!known) {
    return {
      ...failed,
      reason: `this build of ONNX Runtime has no ${provider} provider`,
      fix: 'Install onnxruntime-node 1.30 of npm for this platform',
    }
  }
  const details = error === null ? null : withoutPrivateParts(error)
  const failure = explainProviderFailure(provider, details, await system())
  return { ...failed, ...failure, details: details || null }
}

/** Which of `devices` a usable provider computes on. */
export function deviceOfProvider(
  provider: ExecutionProvider,
  devices: readonly Device[],
  { cudaVisibleDevices }: Platform,
): string | null {
  const gpus = devices.filter(({ kind }) => kind === 'gpu')
  const cpu = devices.find(({ kind }) => kind === 'cpu')?.id ?? null
  switch (provider) {
    case 'cpu':
      return cpu
    case 'cuda':
    case 'tensorrt': {
      const nvidia = gpus.filter(({ vendor }) => vendor === 'NVIDIA')
      // The engine counts as nvidia-smi does; a list by UUID cannot be told from names.
      const first = /^\s*(\d+)/.exec(cudaVisibleDevices ?? '')?.[1]
      return (nvidia.find(({ id }) => id === `gpu-${first}`) ?? nvidia[0])?.id ?? null
    }
    case 'webgpu':
    case 'dml':
    case 'coreml':
      // Without a GPU it is a driver that computes on the CPU.
      return gpus[0]?.id ?? cpu
  }
}
