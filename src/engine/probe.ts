import type { ExecutionProvider } from '../core/device'
import { estimateGraphMemory } from '../core/estimate/onnxGraphMemory'
import { elementCount } from '../core/onnx/graph'
import { buildProbeGraph } from '../core/onnx/probeGraph'
import type { ProviderProbe } from '../protocol/engineContract'
import { createSession, type InferenceSession, knownProviders, tensorOf } from './onnx'

/** Sessions that are looked at from outside, until the process ends. */
const kept: InferenceSession[] = []

export interface ProbeRequest {
  readonly provider: ExecutionProvider
  readonly keepsSession: boolean
}

/** Runs a product and an exponential on `provider`: being listed does not mean that it loads. */
export async function probeProvider({
  provider,
  keepsSession,
}: ProbeRequest): Promise<ProviderProbe> {
  if (!knownProviders().includes(provider)) return { known: false, ran: false, error: null }
  try {
    const { graph, model, inputs } = buildProbeGraph()
    const session = await createSession(model, provider)
    await session.run(
      Object.fromEntries(
        inputs.map((port) => [
          port.name,
          tensorOf(port, new Float32Array(elementCount(port.shape))),
        ]),
      ),
    )
    const answer = { known: true, ran: true, error: null }
    if (keepsSession) {
      kept.push(session)
      const { reservedPeakBytes } = estimateGraphMemory(graph, { isCpu: provider === 'cpu' })
      return { ...answer, ...(reservedPeakBytes === null ? {} : { arenaBytes: reservedPeakBytes }) }
    }
    await session.release()
    return answer
  } catch (error) {
    return {
      known: true,
      ran: false,
      error: error instanceof Error ? error.message : String(error),
    }
  }
}
