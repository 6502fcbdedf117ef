// A monitor process: it alone asks the drivers, which may hang or take the process with them.
import { implement } from '@orpc/server'
import { RPCHandler } from '@orpc/server/message-port'
import { monitorContract } from '../protocol/monitorContract'
import { checkNvml } from './checkNvml'
import { openGpus } from './openGpus'
import { createPacer } from './pacer'
import { preferOverComputing } from './preferOverComputing'
import { parentPort } from '../protocol/parentPort'
import { sample } from './sample'

const contract = implement(monitorContract)
const scheduling = preferOverComputing()
let setPeriod: (periodMs: number) => void = () => {}

const router = contract.router({
  follow: contract.follow.handler(({ input: { role, periodMs } }) => {
    const pacer = createPacer(periodMs)
    setPeriod = (newPeriodMs) => pacer.setPeriod(newPeriodMs)
    return sample(role, openGpus(), pacer, scheduling)
  }),
  setPeriod: contract.setPeriod.handler(({ input }) => setPeriod(input.periodMs)),
  checkNvml: contract.checkNvml.handler(() => checkNvml()),
})

new RPCHandler(router).upgrade(parentPort())
