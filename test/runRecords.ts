import { memoryTerms, totalBytes, type MemoryTerms } from '../src/core/estimate/memoryTerms'
import { defaultWorkload } from '../src/core/plan/workload'
import type { RunRecord, Step } from '../src/core/run/record'
import { unmeasured } from '../src/core/run/unmeasured'

// Run records for tests of what is made from them. Figures are chosen, not measured.

/** Samples of a latency: `median` with a spread of a few percent, the same at every call. */
export function latencySamples(median: number, count = 101): number[] {
  return Array.from({ length: count }, (_, i) => {
    const offset = i % 2 === 0 ? i : -i // both sides of the median in turn, so that nothing drifts
    return median * (1 + (0.04 * offset) / count)
  })
}

/** A step of inference in fp32 that was planned and did not run. */
export function plannedStep(change: Partial<Step> = {}): Step {
  return {
    mode: 'infer',
    precision: 'fp32',
    computePrecision: 'fp32',
    network: { name: 'digits-mlp', parameterCount: 17_226 },
    batchSize: 64,
    sequenceLength: null,
    optimizer: null,
    method: null,
    gradientAccumulationSteps: 1,
    flopsPerStep: null,
    outcome: 'planned',
    notes: [],
    executionProvider: { requested: 'cpu', actual: null, nodesByProvider: {}, memcpyNodes: null },
    memory: {
      theory: null,
      measured: null,
      unexplainedBytes: null,
      arenaSlackBytes: null,
      contextBytes: null,
    },
    ...unmeasured,
    ...change,
  }
}

/** Memory of a step: the theory's terms, and an allocated peak that is `unexplainedBytes` more. */
export function stepMemory(terms: Partial<MemoryTerms>, unexplainedBytes = 0): Step['memory'] {
  const all = memoryTerms(terms)
  const peakBytes = totalBytes(all)
  return {
    theory: { terms: all, peakBytes, peakPhase: 'forward', phases: [], reservedPeakBytes: null },
    measured: {
      allocatedPeakBytes: peakBytes + unexplainedBytes,
      reservedPeakBytes: null,
      devicePeakBytes: 2 ** 27,
      baselineBytes: 2 ** 26,
      processBytes: null,
      source: 'ONNX Runtime profile',
    },
    unexplainedBytes,
    arenaSlackBytes: null,
    contextBytes: null,
  }
}

export function runRecord(change: Partial<RunRecord> = {}): RunRecord {
  return {
    schema: 'headroom/run/1',
    id: '01J00000000000000000000000',
    startedAt: '2026-01-01T00:00:00.000Z',
    host: {
      os: 'Linux 6.1',
      cpu: 'Test CPU',
      logicalCores: 2,
      memoryBytes: 2 ** 34,
      headroomVersion: '0.1.0',
      onnxruntimeVersion: '1.30.0',
    },
    device: {
      id: 'cpu',
      name: 'Test CPU',
      kind: 'cpu',
      vendor: null,
      memoryTotalBytes: 2 ** 34,
      memoryFreeBytes: null,
      unifiedMemory: true,
      driverVersion: null,
      computeCapability: null,
      powerLimitWatts: null,
      gpuId: null,
      source: 'os',
    },
    workload: defaultWorkload,
    outcome: 'completed',
    steps: [plannedStep()],
    ...change,
  }
}
