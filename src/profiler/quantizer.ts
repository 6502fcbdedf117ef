import { ORPCError } from '@orpc/client'
import { InputError } from '../core/errors'
import type { ImagePresetName } from '../core/plan/workload'
import type { QuantizationAccuracy, QuantizedNetwork } from '../protocol/quantization'
import { type EngineStart, inFreshEngine } from './freshEngine'

/** Calibrates networks for int8, in engine processes of its own. */
export interface Quantizer {
  /** The same at every call, so it is computed once. */
  network(preset: ImagePresetName): Promise<QuantizedNetwork>
  accuracy(
    preset: ImagePresetName,
    alphas: Readonly<Record<string, number>>,
    signal?: AbortSignal,
  ): Promise<QuantizationAccuracy>
}

export function createQuantizer(
  start: EngineStart,
  resourcesFolder: string,
  closing: AbortSignal,
): Quantizer {
  const networks = new Map<ImagePresetName, Promise<QuantizedNetwork>>()
  return {
    network(preset) {
      const known = networks.get(preset)
      if (known) return known
      const asked = asInput(
        inFreshEngine(
          start,
          (engine) => engine.quantization.network({ preset, resourcesFolder }),
          closing,
        ),
      )
      networks.set(preset, asked)
      asked.catch(() => networks.delete(preset))
      return asked
    },
    accuracy(preset, alphas, signal) {
      const ended = signal ? AbortSignal.any([signal, closing]) : closing
      return asInput(
        inFreshEngine(
          start,
          (engine) =>
            engine.quantization.accuracy({ preset, resourcesFolder, alphas: { ...alphas } }),
          ended,
        ),
      )
    },
  }
}

/** The engine's answer to a wrong input arrives as an error of its channel. */
async function asInput<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer
  } catch (error) {
    if (!(error instanceof ORPCError) || error.code !== 'BAD_INPUT') throw error
    const { path = null, file = null } = (error.data ?? {}) as Partial<InputError>
    throw new InputError({ code: 'INVALID_VALUE', message: error.message, path, file })
  }
}
