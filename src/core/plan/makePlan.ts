import { type Device, type DevicesReport, type ExecutionProvider, isStandIn } from '../device'
import type { Network } from '../onnx/networks/network'
import type { Step } from '../run/record'
import { chooseProvider } from './chooseProvider'
import type { Plan } from './plan'
import { type GraphTheory, missingGraphReason, planStep, type StepKind } from './planStep'
import { judgeFit, usableMemoryBytes } from './verdict'
import type { Workload } from './workload'
import { resolveWorkload, workloadNetwork } from './workloadNetwork'

/** What a step should take, read off the graph that will run. */
export type StepTheory = (
  network: Network,
  kind: StepKind,
  workload: Workload,
  provider: ExecutionProvider,
) => GraphTheory

/**
 * What will run on this machine, one step per mode, method, optimizer and precision, in the order asked for; what cannot
 * is `skipped` with its reason. Throws InputError where the workload itself cannot be.
 */
export function makePlan(asked: Workload, report: DevicesReport, theoryOf: StepTheory): Plan {
  const workload = resolveWorkload(asked)
  const { provider, device, unusableReason } = chooseProvider(workload.provider, report)
  const network = workloadNetwork(workload)
  const usableBytes = usableMemoryBytes(device)
  return {
    schema: 'headroom/plan/1',
    workload,
    device,
    provider,
    usableBytes,
    steps: listKinds(workload).map((kind) => {
      const missing = missingGraphReason(network, kind, { provider, device })
      const skipReason = missing ?? unusableReason
      const theory = missing === null ? theoryOf(network, kind, workload, provider) : null
      const verdict =
        skipReason === null && theory ? judgeFit(theory.memory.peakBytes, usableBytes) : null
      return {
        step: withDeviceNote(
          planStep(workload, network, kind, provider, skipReason, theory),
          device,
        ),
        verdict,
      }
    }),
  }
}

/** What is named twice runs once. */
function listKinds({ modes, precisions, methods, optimizers }: Workload): StepKind[] {
  return [...new Set(modes)].flatMap((mode) =>
    trainings(mode, methods, optimizers).flatMap((training) =>
      [...new Set(precisions)].map((precision) => ({ mode, precision, ...training })),
    ),
  )
}

/** Inference knows neither methods nor optimizers. */
function trainings(
  mode: StepKind['mode'],
  methods: Workload['methods'],
  optimizers: Workload['optimizers'],
): Pick<StepKind, 'method' | 'optimizer'>[] {
  if (mode === 'infer') return [{ method: null, optimizer: null }]
  return [...new Set(methods)].flatMap((method) =>
    [...new Set(optimizers)].map((optimizer) => ({ method, optimizer })),
  )
}

/** What runs on a device that only plays one must be told from what was measured. */
function withDeviceNote(step: Step, device: Device): Step {
  if (!isStandIn(device) || step.outcome === 'skipped') return step
  const note = `${device.name} is a stand-in for a GPU: no time, no accuracy and no loss of this step means anything`
  return { ...step, notes: [note, ...step.notes] }
}
