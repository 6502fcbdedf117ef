import type { MeasuredMemory } from '../core/run/record'
import type { EngineEvent, StepRequest } from '../protocol/engineContract'
import { measureLatency } from './measure'
import { measureOptions } from './measureOptions'

/** One step that can be run again and again. */
export interface Repeatable {
  readonly run: () => Promise<unknown>
  readonly measureMemory: () => Promise<{ readonly measured: MeasuredMemory }>
  readonly release: () => Promise<unknown>
}

/** The second depth takes this share of the time of the first. */
const timeShare = 0.3

/**
 * Measures the same step of half as many layers, where only a part of a model is run: the difference
 * tells what a layer costs. Says nothing where all layers are run, or one alone.
 */
export async function* measureDepth(
  request: StepRequest,
  prepare: (request: StepRequest) => Promise<Repeatable>,
  now?: () => number,
): AsyncGenerator<EngineEvent> {
  const { model } = request
  if (model === null) return
  const layerCount = model.config.numHiddenLayers
  const shallowLayerCount = Math.floor(layerCount / 2)
  if (layerCount >= model.layerCount || shallowLayerCount < 1) return
  yield { type: 'phase', phase: 'depth' }
  const config = { ...model.config, numHiddenLayers: shallowLayerCount }
  const step = await prepare({ ...request, model: { ...model, config } })
  const { measured } = await step.measureMemory()
  const options = measureOptions(request)
  const shallowSamplesMs: number[] = []
  const shorter = {
    ...options,
    warmupLimitMs: timeShare * options.warmupLimitMs,
    measuredMs: timeShare * options.measuredMs,
    sampleCount: Math.ceil(timeShare * options.sampleCount),
  }
  const measuring = measureLatency(step.run, shorter, now)
  for await (const event of measuring) {
    if (event.type === 'latency') shallowSamplesMs.push(...event.samplesMs)
    // Whoever watches for hangs must hear of it; its samples are not those of the step.
    if (event.type === 'progress') yield { ...event, throughputPerSecond: null }
  }
  await step.release()
  yield {
    type: 'update',
    update: {
      depth: {
        layerCount,
        fullLayerCount: model.layerCount,
        shallowLayerCount,
        shallowSamplesMs,
        shallowAllocatedPeakBytes: measured.allocatedPeakBytes,
      },
    },
  }
}
