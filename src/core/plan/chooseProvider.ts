import type { Device, DevicesReport, ExecutionProvider, ProviderStatus } from '../device'
import type { Workload } from './workload'

/**
 * What `auto` tries, in this order. TensorRT compiles for minutes and WebGPU exists nearly
 * everywhere, on software too: they are taken only when asked for by name.
 */
const automaticOrder: readonly ExecutionProvider[] = ['cuda', 'dml', 'coreml', 'cpu']

export interface ProviderChoice {
  readonly provider: ExecutionProvider
  readonly device: Device
  /** Why nothing can run on it, with the way out; null where it can. */
  readonly unusableReason: string | null
}

/** The provider that was asked for, usable or not: nothing is moved to the CPU in silence. */
export function chooseProvider(
  requested: Workload['provider'],
  { devices, executionProviders }: DevicesReport,
): ProviderChoice {
  const statusOf = (name: ExecutionProvider) =>
    executionProviders.find((status) => status.name === name)
  const provider =
    requested === 'auto'
      ? (automaticOrder.find((name) => statusOf(name)?.usable) ?? 'cpu')
      : requested
  const status = statusOf(provider)
  return {
    provider,
    device: deviceOf(provider, status?.deviceId ?? null, devices),
    unusableReason: status?.usable ? null : explain(provider, status),
  }
}

function explain(provider: ExecutionProvider, status: ProviderStatus | undefined): string {
  const reason = status?.reason ?? 'nothing is known about it on this machine'
  const line = `${provider} cannot be used here: ${reason}`
  return status?.fix ? `${line.replace(/\.$/, '')}. ${status.fix}` : line
}

function deviceOf(
  provider: ExecutionProvider,
  deviceId: string | null,
  devices: readonly Device[],
): Device {
  const kind = provider === 'cpu' ? 'cpu' : 'gpu'
  const device =
    devices.find(({ id }) => id === deviceId) ??
    devices.find((candidate) => candidate.kind === kind) ??
    devices.at(-1)
  if (!device) throw new Error('a devices report always ends with the CPU')
  return device
}
