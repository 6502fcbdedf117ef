import type { Step } from './record'

/** Every figure that only a run can give, as it is before one. */
export const unmeasured = {
  latencyMs: null,
  throughputPerSecond: null,
  tokensPerSecond: null,
  devicePeak: null,
  flopsPerSecond: null,
  fractionOfPeak: null,
  unrolled: null,
  unrolledStep: null,
  depth: null,
  fullDepth: null,
  accuracy: null,
  loss: null,
  epochs: [],
  validation: [],
  lossScaling: null,
  latencySamplesMs: [],
  runsPerSample: 1,
  memorySamples: [],
  phases: [],
  startedMs: null,
  endedMs: null,
} satisfies Partial<Step>

/** Memory of a step of which nothing is known yet. */
export const unmeasuredMemory = {
  theory: null,
  measured: null,
  unexplainedBytes: null,
  arenaSlackBytes: null,
  contextBytes: null,
} satisfies Step['memory']
