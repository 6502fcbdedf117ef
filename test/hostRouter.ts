import { implement } from '@orpc/server'
import type { HostContext, HostRouter } from '../src/profiler/pageServer'
import { followViewer } from '../src/profiler/viewers'
import { hostContract } from '../src/protocol/contract'

const contract = implement(hostContract).$context<HostContext>()
const absent = (): never => {
  throw new Error('not part of this test')
}

/** The contract with two procedures behind it, for tests of what carries the calls. */
export function createTestRouter() {
  const streams = { open: 0, sent: 0 }
  const router: HostRouter = contract.router({
    about: contract.about.handler(() => ({
      version: '1.2.3',
      host: 'terminal',
      dataFolder: 'nowhere',
    })),
    devices: contract.devices.handler(absent),
    doctor: contract.doctor.handler(absent),
    setupCuda: contract.setupCuda.handler(absent),
    plan: contract.plan.handler(absent),
    models: { read: contract.models.read.handler(absent) },
    runs: {
      start: contract.runs.start.handler(absent),
      /** Counts up from `after + 1` until whoever listens has gone. */
      events: contract.runs.events.handler(async function* ({ input, signal }) {
        streams.open += 1
        try {
          for (let sequence = input.after + 1; !signal?.aborted; sequence += 1) {
            streams.sent += 1
            yield { sequence, event: { type: 'stepStarted', step: 0, tMs: sequence } }
            await new Promise((resolve) => setImmediate(resolve))
          }
        } finally {
          streams.open -= 1
        }
      }),
      cancel: contract.runs.cancel.handler(() => undefined),
      current: contract.runs.current.handler(() => ({ id: null })),
    },
    viewers: {
      follow: contract.viewers.follow.handler(({ input, context, signal }) =>
        followViewer(context.viewer, input.viewerId, signal),
      ),
      take: contract.viewers.take.handler(({ context }) => context.viewer?.takeControl()),
    },
    monitor: {
      events: contract.monitor.events.handler(absent),
    },
    recordings: {
      list: contract.recordings.list.handler(() => []),
      start: contract.recordings.start.handler(absent),
      stop: contract.recordings.stop.handler(absent),
      get: contract.recordings.get.handler(absent),
      lines: contract.recordings.lines.handler(absent),
      read: contract.recordings.read.handler(absent),
      remove: contract.recordings.remove.handler(absent),
    },
    history: {
      list: contract.history.list.handler(() => []),
      get: contract.history.get.handler(({ errors }) => {
        throw errors.NOT_FOUND({ message: 'no such run' })
      }),
      remove: contract.history.remove.handler(absent),
    },
    largest: contract.largest.handler(absent),
    frontier: contract.frontier.handler(absent),
    quantization: {
      network: contract.quantization.network.handler(absent),
      accuracy: contract.quantization.accuracy.handler(absent),
    },
    reports: { create: contract.reports.create.handler(absent) },
  })
  return { router, streams }
}
