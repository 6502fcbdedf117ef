import type { Device, DevicesReport } from '../src/core/device'
import { memoryTerms } from '../src/core/estimate/memoryTerms'
import type { Plan } from '../src/core/plan/plan'
import { defaultWorkload } from '../src/core/plan/workload'
import type { RunRecord, Step } from '../src/core/run/record'
import { GiB, MiB } from '../src/core/units'
import { plannedStep } from './runRecords'

// Machines, plans and records for tests of pages and charts, with round figures.

export const cpuDevice: Device = {
  id: 'cpu',
  name: 'Example CPU',
  kind: 'cpu',
  vendor: 'Example',
  memoryTotalBytes: 16 * GiB,
  memoryFreeBytes: 12 * GiB,
  unifiedMemory: true,
  driverVersion: null,
  computeCapability: null,
  powerLimitWatts: null,
  gpuId: null,
  source: 'os',
}

export const gpuDevice: Device = {
  ...cpuDevice,
  id: 'gpu-0',
  name: 'Tesla T4',
  kind: 'gpu',
  vendor: 'NVIDIA',
  memoryTotalBytes: 15 * GiB,
  memoryFreeBytes: 14 * GiB,
  unifiedMemory: false,
  driverVersion: '570.86.15',
  computeCapability: '7.5',
  powerLimitWatts: 70,
  gpuId: 't4',
  source: 'nvidia-smi',
}

export const cpuMachine: DevicesReport = {
  schema: 'headroom/devices/1',
  host: {
    os: 'Linux 6.1',
    cpu: 'Example CPU',
    logicalCores: 8,
    memoryBytes: 16 * GiB,
    headroomVersion: '0.1.0',
    onnxruntimeVersion: '1.30.0',
  },
  devices: [cpuDevice],
  executionProviders: [
    {
      name: 'cpu',
      usable: true,
      reason: null,
      fix: null,
      command: null,
      details: null,
      deviceId: 'cpu',
      context: null,
    },
    {
      name: 'cuda',
      usable: false,
      reason: 'no NVIDIA GPU was found',
      fix: null,
      command: null,
      details: null,
      deviceId: null,
      context: null,
    },
  ],
}

export const gpuMachine: DevicesReport = {
  ...cpuMachine,
  devices: [gpuDevice, cpuDevice],
  executionProviders: [
    {
      name: 'cuda',
      usable: true,
      reason: null,
      fix: null,
      command: null,
      details: null,
      deviceId: 'gpu-0',
      context: null,
    },
    ...cpuMachine.executionProviders.filter(({ name }) => name !== 'cuda'),
  ],
}

const terms = memoryTerms({ weightsBytes: 2 * MiB, activationsBytes: 6 * MiB })

/** A step that was planned, with `changes`. */
export function createStep(changes: Partial<Step> = {}): Step {
  return plannedStep({
    memory: {
      theory: {
        terms,
        peakBytes: 8 * MiB,
        peakPhase: 'forward',
        phases: [{ phase: 'forward', peakBytes: 8 * MiB, terms }],
        reservedPeakBytes: null,
      },
      measured: null,
      unexplainedBytes: null,
      arenaSlackBytes: null,
      contextBytes: null,
    },
    ...changes,
  })
}

export function createRecord(steps: readonly Step[], changes: Partial<RunRecord> = {}): RunRecord {
  return {
    schema: 'headroom/run/1',
    id: '01JD0000000000000000000000',
    startedAt: '2026-11-23T12:00:00.000Z',
    host: cpuMachine.host,
    device: cpuDevice,
    workload: defaultWorkload,
    outcome: 'running',
    steps: [...steps],
    ...changes,
  }
}

export function createPlan(steps: Plan['steps'], changes: Partial<Plan> = {}): Plan {
  return {
    schema: 'headroom/plan/1',
    workload: defaultWorkload,
    device: cpuDevice,
    provider: 'cpu',
    usableBytes: 12 * GiB,
    steps,
    ...changes,
  }
}
