// A monitor process: it alone asks the drivers, which may hang or take the process with them.
import { implement } from '@orpc/server'
import { RPCHandler } from '@orpc/server/message-port'
import { setPriority } from 'node:os'
import { monitorContract } from '../protocol/monitorContract'
import { checkNvml } from './checkNvml'
import { openGpus } from './openGpus'
import { createPacer } from './pacer'
import { parentPort } from '../protocol/parentPort'
import { sample } from './sample'

const contract = implement(monitorContract)
let setPeriod: (periodMs: number) => void = () => {}

const router = contract.router({
  follow: contract.follow.handler(({ input: { role, periodMs } }) => {
    const pacer = createPacer(periodMs)
    setPeriod = (newPeriodMs) => pacer.setPeriod(newPeriodMs)
    return sample(role, openGpus(), pacer)
  }),
  setPeriod: contract.setPeriod.handler(({ input }) => setPeriod(input.periodMs)),
  checkNvml: contract.checkNvml.handler(() => checkNvml()),
})

preferOverComputing()
new RPCHandler(router).upgrade(parentPort())

/** It works for a moment at a time, and a late moment is a wrong one. */
function preferOverComputing(): void {
  try {
    setPriority(-5)
  } catch {
    // Only an administrator may; the scheduler favours short work by itself.
  }
}
