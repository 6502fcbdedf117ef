import { cpus } from 'node:os'
import type { HostLoad } from '../core/run/hostLoad'

/** What the system's and this process's clocks say, ms since some beginning. */
export interface HostReading {
  /** Of all processors together. */
  readonly busyMs: number
  readonly idleMs: number
  /** This process, all its threads. */
  readonly engineMs: number
  readonly logicalProcessors: number
}

export function readHost(): HostReading {
  const processors = cpus()
  const sum = (pick: (times: ReturnType<typeof cpus>[number]['times']) => number) =>
    processors.reduce((total, { times }) => total + pick(times), 0)
  const { user, system } = process.cpuUsage()
  return {
    busyMs: sum((times) => times.user + times.nice + times.sys + times.irq),
    idleMs: sum(({ idle }) => idle),
    engineMs: (user + system) / 1000,
    logicalProcessors: processors.length,
  }
}

/** The system counts in hundredths of a second: a shorter time would say nothing. */
const minProcessorMs = 500

/** Who kept the processors busy between two readings; null where they say too little. */
export function hostLoadBetween(before: HostReading, after: HostReading): HostLoad | null {
  const busyMs = after.busyMs - before.busyMs
  const totalMs = busyMs + after.idleMs - before.idleMs
  const { logicalProcessors } = after
  // A container may be shown other processors than before, or none.
  if (totalMs < minProcessorMs || logicalProcessors !== before.logicalProcessors) return null
  const engineMs = after.engineMs - before.engineMs
  const inProcessors = (ms: number) =>
    (logicalProcessors * Math.min(Math.max(ms, 0), totalMs)) / totalMs
  return {
    engineProcessors: inProcessors(engineMs),
    otherProcessors: inProcessors(busyMs - engineMs),
    logicalProcessors,
  }
}
