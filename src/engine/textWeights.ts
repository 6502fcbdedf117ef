import { initializeParameters, type Network, type Weights } from '../core/onnx/networks/network'
import { hasTrainedWeights } from '../core/plan/planStep'
import type { StepRequest } from '../protocol/engineContract'
import { readWeights } from './resources'

/** Trained where the application brings trained ones along, else drawn from the seed. */
export async function textWeights(request: StepRequest, network: Network): Promise<Weights> {
  return hasTrainedWeights(request)
    ? await readWeights(request.resourcesFolder, network)
    : initializeParameters(network, request.seed)
}
