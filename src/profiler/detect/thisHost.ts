import { cpus, freemem, release, totalmem, type as osType } from 'node:os'
import type { Device, Host } from '../../core/device'

const systemNames: Readonly<Record<string, string>> = {
  Windows_NT: 'Windows',
  Darwin: 'macOS (Darwin)',
}

/** The machine around the devices. It never says what the machine is called. */
export function thisHost(headroomVersion: string, onnxruntimeVersion: string | null): Host {
  const processors = cpus()
  return {
    os: `${systemNames[osType()] ?? osType()} ${release()}`,
    cpu: cpuName(processors[0]?.model),
    logicalCores: Math.max(1, processors.length),
    memoryBytes: totalmem(),
    headroomVersion,
    onnxruntimeVersion,
  }
}

/** The CPU as a device: it computes where there is nothing else, on the host's own memory. */
export function cpuDevice(): Device {
  return {
    id: 'cpu',
    name: cpuName(cpus()[0]?.model),
    kind: 'cpu',
    vendor: null,
    memoryTotalBytes: totalmem(),
    memoryFreeBytes: freemem(),
    unifiedMemory: true,
    driverVersion: null,
    computeCapability: null,
    powerLimitWatts: null,
    gpuId: null,
    source: 'os',
  }
}

function cpuName(model: string | undefined): string {
  return model?.replaceAll(/\s+/g, ' ').trim() || 'CPU without a name'
}
