import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { ImagePresetName } from '../../../core/plan/workload'
import type { QuantizedNetwork } from '../../../protocol/quantization'
import { useHost } from '../../host'
import { AccuracyVerdict } from './AccuracyVerdict'
import { MethodTable } from './MethodTable'
import { accuracyQuery, alphasOf, type Alphas } from './quantizationQueries'
import { TensorPanel } from './TensorPanel'

/** The accuracy is asked for when the line has rested this long. */
const restMs = 250

interface CalibrationBenchProps {
  readonly preset: ImagePresetName
  readonly network: QuantizedNetwork
}

/** Every activation's threshold, to be tried: what it costs there, and what the network makes of it. */
export function CalibrationBench({ preset, network }: CalibrationBenchProps) {
  const { client } = useHost()
  const [alphas, setAlphas] = useState<Alphas>(() => alphasOf(network, 'leastSquaredError'))
  const [tensorName, setTensorName] = useState(network.tensors[0]?.name)
  const [restingAlphas] = useDebouncedValue(alphas, restMs)
  const { data, error, isPlaceholderData } = useQuery(accuracyQuery(client, preset, restingAlphas))
  const tensor = network.tensors.find(({ name }) => name === tensorName) ?? network.tensors[0]
  const chosenAlpha = tensor && (alphas[tensor.name] ?? tensor.maxAbs)

  return (
    <>
      <AccuracyVerdict
        accuracy={data}
        error={error}
        isRecomputing={isPlaceholderData || alphas !== restingAlphas}
        dataset={network.dataset}
      />
      {tensor && chosenAlpha !== undefined && (
        <>
          <TensorPanel
            tensor={tensor}
            tensorNames={network.tensors.map(({ name }) => name)}
            alpha={chosenAlpha}
            onTensor={setTensorName}
            onAlpha={(alpha) => setAlphas((before) => ({ ...before, [tensor.name]: alpha }))}
          />
          <MethodTable
            network={network}
            tensor={tensor}
            chosenAlpha={chosenAlpha}
            chosenAccuracy={isPlaceholderData || alphas !== restingAlphas ? null : (data ?? null)}
            onUse={(method) => setAlphas(alphasOf(network, method))}
          />
        </>
      )}
    </>
  )
}
