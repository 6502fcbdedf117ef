import type { MonitoredGpu, Scheduling } from '../core/monitor/monitorState'
import type { SamplerEvent, SamplerRole } from '../protocol/monitorContract'
import { createHostReader } from './hostFigures'
import type { GpuReader, OpenGpus } from './openGpus'
import type { Pacer } from './pacer'

/** Whole ms since 1970, monotonic: a recording of whole numbers takes a fraction of the space. */
const wallMs = (): number => Math.round(performance.timeOrigin + performance.now())

/**
 * Says which GPUs there are, then their figures at every moment of `pacer`. A GPU that does not answer
 * is null in its ticks while the others go on. With the role `fast` it ends where there is none.
 */
export async function* sample(
  role: SamplerRole,
  { readers, lost, problem }: OpenGpus,
  pacer: Pacer,
  scheduling: Scheduling,
): AsyncGenerator<SamplerEvent, void> {
  const take = role === 'fast' ? takeFast(readers) : takeSlow(readers)
  let faults: readonly (string | null)[] = readers.map(() => null)
  const describe = (): SamplerEvent => ({
    type: 'gpus',
    gpus: [...readers.map((reader, i) => describeGpu(reader, faults[i] ?? null)), ...lost],
    problem,
    scheduling,
  })
  yield describe()
  if (role === 'fast' && readers.length === 0) return
  for (;;) {
    await pacer.next()
    const tMs = wallMs()
    const { event, faults: newFaults } = take(tMs)
    if (newFaults.some((fault, i) => fault !== faults[i])) {
      faults = newFaults
      yield describe()
    }
    yield event
  }
}

interface Taken {
  readonly event: SamplerEvent
  readonly faults: readonly (string | null)[]
}

function takeFast(readers: readonly GpuReader[]): (tMs: number) => Taken {
  return (tMs) => {
    const { gpus, faults } = readEach(readers, ({ readFast }) => readFast())
    return { event: { type: 'fast', tick: { tMs, gpus } }, faults }
  }
}

function takeSlow(readers: readonly GpuReader[]): (tMs: number) => Taken {
  const readHost = createHostReader()
  return (tMs) => {
    const { gpus, faults } = readEach(readers, ({ readSlow }) => readSlow())
    return { event: { type: 'slow', tick: { tMs, gpus, host: readHost() } }, faults }
  }
}

/** The figures of each GPU by its id, null with the reason where it does not answer. */
function readEach<T>(readers: readonly GpuReader[], read: (reader: GpuReader) => T) {
  const gpus: Record<string, T | null> = {}
  const faults = readers.map((reader) => {
    try {
      gpus[reader.id] = read(reader)
      return null
    } catch (error) {
      gpus[reader.id] = null
      return error instanceof Error ? error.message : String(error)
    }
  })
  return { gpus, faults }
}

function describeGpu(reader: GpuReader, fault: string | null): MonitoredGpu {
  const { id, name, uuid, driverVersion, source } = reader
  return { id, name, uuid, driverVersion, source, fault }
}
