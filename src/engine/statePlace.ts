import type { ExecutionProvider } from '../core/device'
import { buildCopyGraph } from '../core/onnx/copyGraph'
import type { GraphPort } from '../core/onnx/inferenceGraph'
import { isFed } from '../core/onnx/parameterPlan'
import type { TrainingGraph } from '../core/onnx/trainingGraph'
import { createSession, type Feeds, type InferenceSession, type Tensor } from './onnx'

/** Where a training keeps its state, and what is frozen, from run to run. */
export interface StatePlace {
  /** Of the session that trains. */
  readonly sessionOptions: NonNullable<Parameters<typeof createSession>[2]>
  /** What a first run is fed, brought to where it stays. */
  bring(initial: Feeds): Promise<Feeds>
  /** Tensors of the state, on the host. */
  fetch(tensors: Feeds): Promise<Feeds>
  /** A tensor that nobody reads any more. */
  forget(tensor: Tensor): void
  release(): Promise<void>
}

/**
 * On WebGPU, buffers of the device: nothing but batches and losses crosses the bus. Elsewhere the host,
 * for ONNX Runtime's JavaScript interface keeps tensors on no other device.
 */
export async function placeState(
  training: TrainingGraph,
  provider: ExecutionProvider,
): Promise<StatePlace> {
  return provider === 'webgpu' ? onWebGpu(training) : onHost
}

const onHost: StatePlace = {
  sessionOptions: {},
  bring: (initial) => Promise.resolve(initial),
  fetch: (tensors) => Promise.resolve(tensors),
  forget: () => {},
  release: () => Promise.resolve(),
}

async function onWebGpu({ states, frozen, outputs }: TrainingGraph): Promise<StatePlace> {
  const kept = new Set(states.map(({ nextName }) => nextName))
  const fed = [...states, ...frozen.filter(isFed)]
  const up = await copySession(fed, 'gpu-buffer')
  // Made when it is needed: reading a buffer without a session ends the process.
  let down: CopySession | null = null
  return {
    sessionOptions: {
      outputLocations: Object.fromEntries(
        outputs.map(({ name }) => [name, kept.has(name) ? 'gpu-buffer' : 'cpu']),
      ),
    },
    bring: (initial) => up.run(initial),
    async fetch(tensors) {
      down ??= await copySession(
        states.filter(({ name }) => name in tensors),
        'cpu',
      )
      return down.run(tensors)
    },
    forget: (tensor) => tensor.dispose(),
    async release() {
      await up.session.release()
      await down?.session.release()
    },
  }
}

interface CopySession {
  readonly session: InferenceSession
  run(tensors: Feeds): Promise<Feeds>
}

async function copySession(
  ports: readonly GraphPort[],
  location: 'cpu' | 'gpu-buffer',
): Promise<CopySession> {
  const { model, outputName } = buildCopyGraph(ports)
  const outputLocations = Object.fromEntries(ports.map(({ name }) => [outputName(name), location]))
  const session = await createSession(model, 'webgpu', { outputLocations })
  return {
    session,
    async run(tensors) {
      const results = await session.run(tensors)
      return Object.fromEntries(ports.map(({ name }) => [name, results[outputName(name)]!]))
    },
  }
}
