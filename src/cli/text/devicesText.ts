import type { Device, DevicesReport } from '../../core/device'
import { plainText } from '../../core/report/plainText'
import { formatBytes } from '../../core/units'
import type { Output } from '../terminal'
import { providersText } from './providersText'
import { formatFacts, formatTable } from './table'

/** What there is to compute with: the answer, then the devices, then each provider. */
export function devicesText(report: DevicesReport, output: Output): string {
  const { bold } = output.colours
  return [
    bold(devicesVerdict(report)),
    formatTable(
      [
        { label: 'Device' },
        { label: 'Memory', isFigure: true },
        { label: 'Free', isFigure: true },
        { label: 'Driver' },
        { label: 'Compute capability' },
        { label: 'Reported by' },
      ],
      report.devices.map(deviceRow),
      output,
    ),
    providersText(report.executionProviders, output),
    hostText(report, output),
  ].join('\n\n')
}

/** One sentence: which device computes, by what. */
export function devicesVerdict({
  devices,
  executionProviders,
}: Pick<DevicesReport, 'devices' | 'executionProviders'>): string {
  const gpus = devices.filter(({ kind }) => kind === 'gpu')
  const usable = executionProviders.filter((provider) => provider.usable)
  const name = ({ name: text }: Device) => plainText(text)
  for (const gpu of gpus) {
    const [provider] = usable.filter(({ deviceId }) => deviceId === gpu.id)
    if (provider) return `${name(gpu)} is ready, by the ${provider.name} provider.`
  }
  const [gpu] = gpus
  const cpu = devices.find(({ kind }) => kind === 'cpu')
  const byCpu = cpu && usable.length > 0 ? ` The CPU computes: ${name(cpu)}.` : ''
  if (gpu) return `${name(gpu)} cannot be used yet; the way is told below.${byCpu}`
  return byCpu ? `No GPU here.${byCpu}` : 'Nothing here can compute.'
}

function deviceRow(device: Device): string[] {
  const { name, kind, memoryTotalBytes, memoryFreeBytes, unifiedMemory } = device
  const shared = kind === 'gpu' && unifiedMemory ? ', shared with the host' : ''
  return [
    `${plainText(name)}${kind === 'cpu' ? ' (CPU)' : shared}`,
    formatBytes(memoryTotalBytes),
    formatBytes(memoryFreeBytes),
    device.driverVersion ?? '—',
    device.computeCapability ?? '—',
    device.source,
  ]
}

function hostText({ host }: DevicesReport, output: Output): string {
  return formatFacts(
    [
      ['System', host.os],
      ['Processor', `${plainText(host.cpu)}, ${host.logicalCores} logical cores`],
      ['Host memory', formatBytes(host.memoryBytes)],
      ['Headroom', host.headroomVersion],
      ['ONNX Runtime', host.onnxruntimeVersion ?? 'did not start'],
    ],
    output,
  )
}
