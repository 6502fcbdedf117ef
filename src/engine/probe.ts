import type { ExecutionProvider } from '../core/device'
import { elementCount } from '../core/onnx/graph'
import { buildProbeGraph } from '../core/onnx/probeGraph'
import type { ProviderProbe } from '../protocol/engineContract'
import { createSession, knownProviders, tensorOf } from './onnx'

/** Runs one operator on `provider`: being listed does not mean that it loads. */
export async function probeProvider(provider: ExecutionProvider): Promise<ProviderProbe> {
  if (!knownProviders().includes(provider)) return { known: false, ran: false, error: null }
  try {
    const { model, inputs } = buildProbeGraph()
    const session = await createSession(model, provider)
    await session.run(
      Object.fromEntries(
        inputs.map((port) => [
          port.name,
          tensorOf(port, new Float32Array(elementCount(port.shape))),
        ]),
      ),
    )
    await session.release()
    return { known: true, ran: true, error: null }
  } catch (error) {
    return {
      known: true,
      ran: false,
      error: error instanceof Error ? error.message : String(error),
    }
  }
}
