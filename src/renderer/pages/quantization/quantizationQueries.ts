import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import type { ImagePresetName } from '../../../core/plan/workload'
import type { QuantizedNetwork } from '../../../protocol/quantization'
import type { HostClient } from '../../client'

/** Alpha of every calibrated activation, by name. */
export type Alphas = Readonly<Record<string, number>>

/** Histograms, curves and thresholds; the same every time, so it is asked for once. */
export function networkQuery(client: HostClient, preset: ImagePresetName) {
  return queryOptions({
    queryKey: ['quantization', preset],
    queryFn: () => client.quantization.network({ preset }),
    staleTime: Number.POSITIVE_INFINITY,
  })
}

/** Test accuracy with these thresholds; the last one is shown until it is there. */
export function accuracyQuery(client: HostClient, preset: ImagePresetName, alphas: Alphas) {
  return queryOptions({
    queryKey: ['quantization', preset, 'accuracy', alphas],
    queryFn: () => client.quantization.accuracy({ preset, alphas: { ...alphas } }),
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: keepPreviousData,
  })
}

/** What one method chooses for every activation. */
export function alphasOf(
  { tensors }: QuantizedNetwork,
  method: keyof QuantizedNetwork['accuracyByMethod'],
): Alphas {
  return Object.fromEntries(tensors.map(({ name, alphas }) => [name, alphas[method]]))
}
