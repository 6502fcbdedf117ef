/** What a report says, in English. Functions where figures stand inside a sentence. */
export const en = {
  language: 'en',
  reportTitle: (network: string, device: string) => `${network} on ${device}`,
  /** A note or a reason of the record, which is English. */
  note: (text: string) => text,
  mode: { infer: 'inference', train: 'training step' },
  outcome: {
    planned: 'planned',
    running: 'running',
    completed: 'completed',
    outOfMemory: 'out of memory',
    hostOutOfMemory: 'out of host memory',
    crashed: 'crashed',
    hung: 'hung',
    deviceLost: 'device lost',
    diverged: 'diverged',
    cancelled: 'cancelled',
    skipped: 'skipped',
    unsupported: 'unsupported',
    partial: 'partly completed',
    failed: 'failed',
  },
  term: {
    weightsBytes: 'weights',
    gradientsBytes: 'gradients',
    optimizerStatesBytes: 'optimizer states',
    stateCopyBytes: "state's second copy",
    activationsBytes: 'activations',
    temporaryBytes: 'temporaries',
    kvCacheBytes: 'KV cache',
    runtimeOverheadBytes: 'runtime',
  },
  unexplained: 'unexplained',
  verdict: {
    faster: (subject: string, factor: string) => `${subject} is ${factor} × faster than fp32`,
    slower: (subject: string, factor: string) => `${subject} is ${factor} × slower than fp32`,
    noDifference: (subject: string) => `${subject}: no significant difference in speed from fp32`,
    crowded: (subject: string, factor: string) =>
      `${subject}: ${factor} × the speed of fp32, but other programs took the processors meanwhile, so neither is called faster`,
    loses: (points: string) => `, loses ${points} points of test accuracy`,
    gains: (points: string) => `, gains ${points} points of test accuracy`,
    keeps: ', keeps its test accuracy',
    validationLoss: (loss: string, change: string) =>
      `, validation loss ${loss} (${change} % against fp32)`,
    takes: (subject: string, latency: string, interval: string) =>
      `${subject} takes ${latency} ms (${interval})`,
    rate: (rate: string, isText: boolean) => `${rate} ${isText ? 'tokens' : 'samples'} per second`,
    allocated: (memory: string) => `${memory} allocated`,
    reachesLoss: (loss: string) => `validation loss ${loss}`,
    reachesAccuracy: (percent: string) => `${percent} % right`,
    comma: ', ',
    nothingCompleted: 'No step completed',
    nothingCompletedBecause: (ended: string) => `No step completed: ${ended}`,
    partial: (completed: number, all: number) => `${completed} of ${all} steps completed.`,
    elsewhere: (subject: string, requested: string, actual: string) =>
      `${subject} ran on ${actual}, not on ${requested}: its figures say nothing about ${requested}.`,
  },
  comparison: {
    regressed: (what: string) => `The second run is worse: ${what}.`,
    improved: (what: string) => `The second run is better: ${what}.`,
    noSignificantDifference: 'No significant difference between the two runs.',
    notComparable: 'The two runs have no completed step in common.',
    crowded:
      'Nothing that can be compared differs significantly; not every speed can be, as other programs took the processors.',
    metric: {
      latencyMs: 'latency',
      throughputPerSecond: 'throughput',
      allocatedPeakBytes: 'allocated memory',
      devicePeakBytes: 'device memory',
      top1: 'test accuracy',
      validationLoss: 'validation loss',
    },
    unit: {
      latencyMs: 'ms',
      throughputPerSecond: 'samples per second',
      allocatedPeakBytes: '',
      devicePeakBytes: '',
      top1: '%',
      validationLoss: '',
    },
    points: (points: string) => `${points} points`,
    better: 'better',
    worse: 'worse',
    noDifference: 'no significant difference',
    notCompared: 'not compared',
    broke: (step: string, outcome: string) => `${step} ended as “${outcome}”`,
    changed: (step: string, metric: string, change: string) => `${step}, ${metric} ${change}`,
    ledger: {
      heading: 'Memory ledger',
      /** How a line is known. */
      originHeading: 'Known by',
      differenceHeading: 'B − A',
      term: {
        theoryPeakBytes: 'theory, in all',
        allocatedPeakBytes: 'allocated peak',
        unexplainedBytes: 'unexplained',
        arenaSlackBytes: 'arena slack',
        contextBytes: 'beside the arena',
      },
      origin: {
        theory: 'theory',
        allocated: 'allocated',
        allocatedLessTheory: 'allocated − theory',
        reservedLessAllocated: 'reserved − allocated',
        sampledLessReserved: 'sampled − reserved',
      },
      largest: (step: string, term: string, difference: string) =>
        `Largest difference: ${step}, ${term} ${difference}.`,
      same: 'No line that both runs know differs.',
      note: 'Bytes at each peak, computed or counted, not timed: there are no intervals. Only what lies beside the arena is sampled from outside, and differs from run to run.',
      unknown: 'unknown',
    },
  },
  facts: {
    device: 'Device',
    processor: 'Processor',
    system: 'System',
    provider: 'Execution provider',
    versions: 'Versions',
    network: 'Network',
    parameters: (count: string) => `${count} parameters`,
    logicalCores: (count: number) => `${count} logical cores`,
    batchSize: 'Batch size',
    sequenceLength: 'Sequence length',
    trainingSteps: 'Optimizer steps',
    profile: 'Measurement profile',
    optimizer: 'Optimizer',
    method: 'Trained by',
    seed: 'Seed',
    startedAt: 'Started',
    outcome: 'Outcome',
    id: 'Run',
  },
  skippedSteps: ({ subject, count, scale }: SkippedStepsFigures) =>
    `${subject}: ${count} ${count === 1 ? 'step' : 'steps'} overflowed in fp16 and ${count === 1 ? 'was' : 'were'} skipped, as in PyTorch's GradScaler: weights stayed as they were and the loss scale was halved; it ended at ${scale}.`,
  unrolled:
    'State kept on the device: weights and states stay there from step to step, by the difference of runs of one and of several steps. The other latencies are those of runs that take them and give them back.',
  unrolledUnknown: (subject: string) =>
    `${subject}: what a step takes where weights and states stay on the device is not known: runs of one and of several steps could not be told apart, so few were they or so much did their times scatter.`,
  fullDepth: ({ subject, all, ran, latency, interval, tokens, memory }: FullDepthFigures) =>
    `${subject}: all ${all} layers are predicted to take ${latency} ms (${interval}), ${tokens} tokens per second${memory === null ? '' : ` and ${memory} of allocated memory`}; measured with ${ran} layers, and each is taken to cost the same.`,
  columns: {
    step: 'Step',
    computes: 'Computes in',
    latency: 'Median latency (ms)',
    interval: '95 % interval',
    stateKept: 'State kept on the device (ms)',
    stateInAndOut: 'State in and out (ms)',
    p90: 'p90 (ms)',
    throughput: 'Samples per second',
    tokens: 'Tokens per second',
    flops: 'GFLOP/s',
    ofPeak: 'Of measured peak (%)',
    speed: 'Speed ÷ fp32',
    accuracy: 'Test accuracy (%)',
    loss: 'Loss (points)',
    agreement: 'Agrees with fp32 (%)',
    sqnr: 'SQNR (dB)',
    theory: (unit: string) => `Theory (${unit})`,
    measured: (unit: string) => `Measured (${unit})`,
    unexplained: (unit: string) => `Unexplained (${unit})`,
    arenaSlack: (unit: string) => `Arena slack (${unit})`,
    context: (unit: string) => `Beside the arena (${unit})`,
    baseline: (unit: string) => `Process before (${unit})`,
    devicePeak: (unit: string) => `Device peak (${unit})`,
    term: (term: string, unit: string) => `${term} (${unit})`,
    outcome: 'Outcome',
    reason: 'Why',
    samples: 'Samples',
    epoch: 'Epoch',
    trainingLoss: 'Loss',
    optimizerStep: 'Optimizer step',
    validationLoss: 'Validation loss',
    lossAfterStep: 'Validation loss after step',
    perplexity: 'Perplexity',
    lossExcess: 'Loss above fp32 (%)',
  },
  sections: {
    speed: 'Speed and accuracy',
    memory: 'Memory: theory and measurement',
    training: 'Training',
    outcomes: 'Steps that did not complete',
    notes: 'To be read with the figures',
    method: 'How it was measured',
    checks: 'Check of this file',
  },
  charts: {
    latency: (mode: string) =>
      `Latency of ${mode}: median with its 95 % interval, over the samples`,
    latencyAxis: 'latency (ms)',
    latencyAxisCut: (percent: string) => `latency (ms); ${percent} % of the samples lie beyond`,
    speedAccuracy: (mode: string) =>
      `Speed against accuracy of ${mode}; the area is the allocated memory`,
    speedAxis: 'samples per second',
    accuracyAxis: 'test accuracy (%)',
    memory: 'Allocated memory at the peak: what the theory explains, and what it does not',
    memoryAxis: (unit: string) => `memory (${unit})`,
    timeline: (source: string) => `Memory while it ran: ${source} over the theory of each step`,
    timeAxis: 'time (s)',
    processMemory: 'memory of the engine process',
    deviceMemory: 'used memory of the device',
    processBefore: 'process before the session',
    measuredLine: 'measured',
    theory: 'theory',
    measured: 'measured',
    loss: 'Loss while it trained: each step (faint) and in validation (marks), over the same batches',
    lossSteps: 'optimizer steps',
    lossStepsCut: (step: string) => `optimizer steps; losses before step ${step} lie above`,
    lossAxis: 'cross-entropy (nats per token)',
  },
  method: {
    latency:
      'Latencies are medians of runs after a warm-up, with a 95 % interval of the median; a percentile is given only where enough samples stand behind it.',
    speed:
      'A precision is called faster or slower only where the 95 % interval of the ratio of medians excludes 1.',
    memory:
      'Allocated memory is what ONNX Runtime’s own profile counts, taken in runs of its own; what the theory leaves over is shown as unexplained.',
    accuracy: 'Accuracy is taken on a test set that neither training nor calibration has seen.',
    runsPerSample: (count: number) =>
      `A latency sample is the mean of up to ${count} runs, where one run is too short to be timed alone.`,
    oneProcess:
      'Each step ran in one process: how results differ from process to process is not in the intervals.',
  },
  checks: {
    waiting:
      'This file carries every raw sample. With scripts allowed, opening it computes each figure again.',
    passed: (count: string) => `${count} figures computed again from the raw samples: all agree.`,
    failed: (wrong: string, count: string) =>
      `${wrong} of ${count} figures do not follow from the raw samples in this file.`,
    recomputed: 'recomputed',
    mismatch: 'the samples give',
    checksum: 'SHA-256 of the record',
    saveData: 'Save the raw record (JSON)',
  },
  madeBy: (version: string) => `Made by Headroom ${version}`,
  unknown: 'not reported',
}

/** Steps of fp16-mixed training that were skipped. */
export interface SkippedStepsFigures {
  readonly subject: string
  readonly count: number
  readonly scale: string
}

/** What is predicted for a whole model, as texts. */
export interface FullDepthFigures {
  readonly subject: string
  readonly all: number
  /** `2 and 4` */
  readonly ran: string
  readonly latency: string
  readonly interval: string
  readonly tokens: string
  readonly memory: string | null
}

/** The same in another language: the same keys, the same values inside the sentences. */
export type Words = typeof en
