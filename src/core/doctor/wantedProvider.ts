import type { Device, ExecutionProvider } from '../device'

/** Providers that a GPU of this vendor is meant for, the fastest first. */
const providersOf: Readonly<Record<string, readonly ExecutionProvider[]>> = {
  nvidia: ['cuda', 'dml', 'webgpu'],
  apple: ['coreml', 'webgpu'],
}
const anyGpuProviders: readonly ExecutionProvider[] = ['dml', 'webgpu']

/**
 * The provider that should compute on this machine: the best that its platform has for its first GPU,
 * usable or not, or the CPU where there is no GPU. Null: there is a GPU, and no provider for it.
 * @param canExist whether ONNX Runtime has a provider for this platform at all
 */
export function wantedProvider(
  devices: readonly Device[],
  canExist: (provider: ExecutionProvider) => boolean,
): ExecutionProvider | null {
  const gpu = devices.find(({ kind }) => kind === 'gpu')
  if (!gpu) return 'cpu'
  const meant = providersOf[gpu.vendor?.toLowerCase() ?? ''] ?? anyGpuProviders
  return meant.find(canExist) ?? null
}
