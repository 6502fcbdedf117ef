import koffi from 'koffi'
import { setPriority } from 'node:os'
import type { Scheduling } from '../core/monitor/monitorState'

const roundRobin = 2 // SCHED_RR
/** Whatever this process starts is scheduled as usual. */
const resetOnFork = 0x4000_0000 // SCHED_RESET_ON_FORK
const lowestRealTime = 1

/**
 * Lets the samples come when they are due while every core computes: this process works for moments,
 * and a late moment is a wrong one. On Linux by real-time scheduling, which takes an administrator, the
 * capability SYS_NICE or a limit of RTPRIO; a lower nice value helps little, because the kernel weighs
 * sessions against each other first (autogroup). @returns what was allowed
 */
export function preferOverComputing(platform: NodeJS.Platform = process.platform): Scheduling {
  if (platform === 'linux' && becomeRealTime()) return 'realTime'
  try {
    setPriority(-5)
    return 'raised'
  } catch {
    return 'usual'
  }
}

function becomeRealTime(): boolean {
  try {
    const schedule = koffi
      .load('libc.so.6')
      .func('sched_setscheduler', 'int', ['int', 'int', koffi.pointer('int')])
    // The thread that calls, which is the one that samples; struct sched_param is one int.
    return schedule(0, roundRobin | resetOnFork, [lowestRealTime]) === 0
  } catch {
    return false // another C library
  }
}
