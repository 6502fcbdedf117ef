import type { Device, DevicesReport, ProviderStatus } from '../../../core/device'

/** The page's answer: what there is to compute with. */
export type DevicesVerdict =
  | {
      readonly type: 'gpu'
      readonly gpus: readonly [Device, ...Device[]]
      readonly provider: string
    }
  | { readonly type: 'gpuUnusable'; readonly gpu: Device; readonly provider: ProviderStatus | null }
  | { readonly type: 'cpu'; readonly cpu: Device }
  | { readonly type: 'nothing' }

/** Providers that a GPU of this vendor is meant for, the fastest first. */
const providersOf: Readonly<Record<string, readonly string[]>> = {
  nvidia: ['cuda', 'tensorrt', 'dml', 'webgpu'],
  apple: ['coreml', 'webgpu'],
}
const anyGpuProvider = ['dml', 'webgpu'] as const

export function devicesVerdict({ devices, executionProviders }: DevicesReport): DevicesVerdict {
  const [firstGpu] = devices.filter(({ kind }) => kind === 'gpu')
  const usable = executionProviders.filter((provider) => provider.usable)
  const [ready, ...others] = devices.filter(
    ({ id, kind }) => kind === 'gpu' && usable.some(({ deviceId }) => deviceId === id),
  )
  if (ready) {
    const provider = usable.find(({ deviceId }) => deviceId === ready.id)?.name ?? ''
    return { type: 'gpu', gpus: [ready, ...others], provider }
  }
  if (firstGpu)
    return {
      type: 'gpuUnusable',
      gpu: firstGpu,
      provider: missingProvider(firstGpu, executionProviders),
    }
  const cpu = devices.find(({ kind }) => kind === 'cpu')
  return cpu && usable.length > 0 ? { type: 'cpu', cpu } : { type: 'nothing' }
}

/** The unusable provider whose missing piece matters most for this GPU. */
function missingProvider(gpu: Device, providers: readonly ProviderStatus[]): ProviderStatus | null {
  const wanted = providersOf[gpu.vendor?.toLowerCase() ?? ''] ?? anyGpuProvider
  const found = wanted.map((name) => providers.find((provider) => provider.name === name))
  return found.find((provider) => provider !== undefined && !provider.usable) ?? null
}
