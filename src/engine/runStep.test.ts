import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { EngineEvent, StepRequest } from '../protocol/engineContract'
import { probeProvider } from './probe'
import { runStep } from './runStep'

const scratchFolder = mkdtempSync(join(tmpdir(), 'headroom-test-'))
afterAll(() => rmSync(scratchFolder, { recursive: true, force: true }))

const request: StepRequest = {
  mode: 'infer',
  preset: 'digits-mlp',
  model: null,
  precision: 'fp32',
  batchSize: 64,
  sequenceLength: null,
  trainingSteps: null,
  learningRate: null,
  provider: 'cpu',
  optimizer: 'adamw',
  method: 'full',
  adapterRank: 8,
  gradientAccumulationSteps: 1,
  checkpointing: 'none',
  profile: 'quick',
  seed: 0,
  processCount: 1,
  processIndex: 0,
  resourcesFolder: 'resources',
  scratchFolder,
}

/** Runs a step on the real CPU provider until `isEnough`, and no longer. */
async function eventsUntil(
  changes: Partial<StepRequest>,
  isEnough: (event: EngineEvent) => boolean,
): Promise<EngineEvent[]> {
  const events: EngineEvent[] = []
  for await (const event of runStep({ ...request, ...changes })) {
    events.push(event)
    if (isEnough(event)) break
  }
  return events
}

const isWarmup = (event: EngineEvent) => event.type === 'phase' && event.phase === 'warmup'
const isPeak = (event: EngineEvent) => event.type === 'phase' && event.phase === 'peak'
const isLatency = (event: EngineEvent) => event.type === 'latency'
const phasesOf = (events: readonly EngineEvent[]) =>
  events.flatMap((event) => (event.type === 'phase' ? [event.phase] : []))

describe('inference', () => {
  it.each(['fp32', 'fp16', 'int8'] as const)(
    'in %s loads and measures memory, all on the CPU provider',
    async (precision) => {
      const events = await eventsUntil({ precision }, (event) => isPeak(event) || isWarmup(event))
      expect(phasesOf(events).slice(0, 2)).toEqual(['load', 'memory'])
      const memory = events.find((event) => event.type === 'memory')!
      expect(Object.keys(memory.nodesByProvider)).toEqual(['cpu'])
      // 17,226 weights take at least a byte each
      expect(memory.measured.allocatedPeakBytes).toBeGreaterThan(17_226)
    },
  )

  it('names the mode of its int8', async () => {
    const events = await eventsUntil({ precision: 'int8' }, isWarmup)
    expect(events.find((event) => event.type === 'update')).toMatchObject({
      update: { int8Mode: 'int8-gemm' },
    })
  })

  it(
    'measures latency, and memory in the first of several processes only',
    { timeout: 60_000 },
    async () => {
      const events = await eventsUntil({ processCount: 5, processIndex: 1 }, isLatency)
      expect(phasesOf(events)).toEqual(['load', 'warmup', 'measure'])
      const samplesMs = events.flatMap((event) => (event.type === 'latency' ? event.samplesMs : []))
      expect(samplesMs.length).toBeGreaterThan(0)
      expect(samplesMs.every((ms) => ms > 0)).toBe(true)
    },
  )
})

describe('a training step', { timeout: 60_000 }, () => {
  it.each(['fp32', 'fp16', 'int8'] as const)(
    'in %s trains before it is timed',
    async (precision) => {
      const events = await eventsUntil({ mode: 'train', precision }, isWarmup)
      expect(phasesOf(events)).toEqual(['load', 'memory', 'train', 'peak', 'warmup'])
      const epochs = events.filter((event) => event.type === 'epoch')
      expect(epochs).toHaveLength(30)
      expect(epochs.at(-1)!.loss).toBeLessThan(epochs[0]!.loss / 10)
      expect(epochs.at(-1)!.testAccuracy).toBeGreaterThan(0.95)
    },
  )
})

describe('a decoder on text', { timeout: 60_000 }, () => {
  const tiny = {
    preset: 'gpt-nano',
    batchSize: 2,
    sequenceLength: 16,
    trainingSteps: 12,
  } as const
  const train = (changes: Partial<StepRequest>) =>
    eventsUntil({ ...tiny, mode: 'train', ...changes }, isPeak)
  const lossesOf = (events: readonly EngineEvent[]) =>
    events.flatMap((event) => (event.type === 'losses' ? event.losses : []))
  const validationsOf = (events: readonly EngineEvent[]) =>
    events.flatMap((event) => (event.type === 'validation' ? [event.validation] : []))

  it('tells the loss of every step, and validates before, in between and at the end', async () => {
    const events = await train({})
    expect(phasesOf(events)).toEqual(['load', 'memory', 'train', 'peak'])
    const losses = lossesOf(events)
    expect(losses).toHaveLength(12)
    // Knowing nothing of 256 bytes costs ln 256 = 5.55.
    expect(losses[0]).toBeCloseTo(Math.log(256), 0)
    const validations = validationsOf(events)
    expect(validations.map(({ step }) => step)).toEqual([0, 2, 4, 6, 8, 10, 12])
    expect(validations.at(-1)!.loss).toBeLessThan(validations[0]!.loss - 0.5)
    const last = validations.at(-1)!.loss
    expect(events.filter((event) => event.type === 'update')).toContainEqual({
      type: 'update',
      update: {
        accuracy: expect.objectContaining({
          top1: null,
          validationLoss: last,
          perplexity: Math.exp(last),
        }) as unknown,
      },
    })
  })

  it('sees the same batches in every precision: losses differ by rounding alone', async () => {
    // Of later steps one may overflow in fp16, and is then skipped.
    const wide = lossesOf(await train({ trainingSteps: 2 }))
    const mixed = lossesOf(await train({ trainingSteps: 2, precision: 'fp16' }))
    expect(mixed).toHaveLength(2)
    wide.forEach((loss, step) => expect(Math.abs(mixed[step]! - loss)).toBeLessThan(0.02))
  })

  it('ends as diverged with the losses until then where the loss is no number', async () => {
    const events = await eventsUntil(
      { ...tiny, mode: 'train', optimizer: 'sgd', learningRate: 1e30, trainingSteps: 40 },
      () => false,
    )
    expect(events.at(-1)).toMatchObject({ type: 'ended', update: { outcome: 'diverged' } })
    expect(lossesOf(events).length).toBeGreaterThan(0)
  })

  it.each(['qlora', 'qlora-8bit'] as const)(
    'trains adapters by %s from the weights that come with the application',
    async (method) => {
      const adapted = await train({ method, optimizer: 'adamw-8bit', trainingSteps: 2 })
      // 800 steps have taught them more than the 12 above could.
      expect(validationsOf(adapted)[0]!.loss).toBeLessThan(2.5)
    },
  )

  it.each(['fp32', 'fp16'] as const)('is run in %s on trained weights', async (precision) => {
    const events = await eventsUntil({ ...tiny, precision }, isPeak)
    expect(phasesOf(events)).toEqual(['load', 'memory', 'peak'])
  })
})

it('says that a provider is not in this build instead of running on the CPU', async () => {
  // DirectML is built for Windows only, Core ML for macOS only.
  const provider = process.platform === 'win32' ? 'coreml' : 'dml'
  const events = await eventsUntil({ provider }, () => false)
  expect(events.at(-1)).toMatchObject({
    type: 'ended',
    update: {
      outcome: 'unsupported',
      reason: `this build of ONNX Runtime has no ${provider} provider`,
    },
  })
})

it('probes the CPU provider by running an operator on it', async () => {
  const request = { provider: 'cpu', keepsSession: false } as const
  expect(await probeProvider(request)).toEqual({ known: true, ran: true, error: null })
})
