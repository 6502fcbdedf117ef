import { implement } from '@orpc/server'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { dcgmMetrics } from '../core/monitor/dcgmMetrics'
import { monitorMetrics } from '../core/monitor/monitorMetrics'
import { prometheusText } from '../core/monitor/prometheusText'
import { makePlan } from '../core/plan/makePlan'
import { stepTheory } from '../core/plan/stepTheory'
import type { RunRecord } from '../core/run/record'
import { type About, hostContract } from '../protocol/contract'
import { answerInputErrors } from './answerInputErrors'
import { type Clock, systemClock } from './clock'
import { historyPath } from './dataFolder'
import { watchDevice } from './deviceWatch'
import { engineEnvironment, type LaunchEngine } from './engineProcess'
import { runDoctor } from './doctor/runDoctor'
import { createReport, type PrintPdf } from './export/createReport'
import { findFrontier } from './findFrontier'
import { findLargest } from './findLargest'
import { type History, openHistory } from './history'
import { storedEvents } from './liveRun'
import { createMachine } from './machine'
import { createMonitor } from './monitor/monitor'
import { createRecordings } from './monitor/recordings'
import { monitorTools } from './monitor/monitorTools'
import { startToolSampler } from './monitor/toolSampler'
import type { HostContext, HostRouter } from './pageServer'
import { readProcessBytes } from './processMemory'
import { createModelReader } from './modelReader'
import { createQuantizer } from './quantizer'
import { createRunner } from './runner'
import { runCudaSetup } from './setup/cudaSetup'
import { withCudaSetup } from './setup/withCudaSetup'
import { followViewer } from './viewers'
import type { LargestSurroundings } from './weighStep'

export interface ProfilerOptions {
  readonly host: About['host']
  readonly version: string
  /** Made when it is missing. */
  readonly dataFolder: string
  /** Holds datasets/ and models/. */
  readonly resourcesFolder: string
  /** The engine's built entry. */
  readonly engineEntry: string
  /** The monitor's built entry. */
  readonly monitorEntry: string
  /** How this host starts a child process, whichever of the two it is. */
  readonly launchEngine: LaunchEngine
  /** How this host prints a PDF; by default an installed browser does. */
  readonly printPdf?: PrintPdf
  readonly clock?: Clock
  /** Told in one line what nobody asked for and a person must know. */
  readonly warn?: (line: string) => void
}

/** The application without a user interface. */
export interface Profiler {
  readonly router: HostRouter
  /** What the GPUs do, as Prometheus reads it: at once, from what is known. */
  metrics(options: { readonly dcgm: boolean }): string
  /** Cancels and stores what runs, and ends every process that was started. */
  close(): Promise<void>
}

/** The application behind every host: window, browser and terminal. */
export function createProfiler(options: ProfilerOptions): Profiler {
  const { host, version, dataFolder, resourcesFolder, printPdf } = options
  const { engineEntry, monitorEntry } = options
  const launchEngine = withCudaSetup(options.launchEngine, dataFolder)
  const { clock = systemClock, warn = (line) => console.error(line) } = options
  const start = { launchEngine, engineEntry }
  const closing = new AbortController()
  const machine = createMachine(start, version)
  const quantizer = createQuantizer(start, resourcesFolder, closing.signal)
  let opened: History | null = null
  const history = (): History => (opened ??= openHistory({ file: historyPath(dataFolder), warn }))
  const launchMonitor = () => launchEngine(monitorEntry, engineEnvironment(process.env))
  const monitor = createMonitor({
    launch: launchMonitor,
    startToolSampler: (onEvent) => startToolSampler({ tools: monitorTools, clock, onEvent }),
    clock,
    readProcessBytes,
  })
  const recordings = createRecordings({
    folder: join(dataFolder, 'recordings'),
    monitor,
    clock,
    warn,
  })
  const runner = createRunner({
    history: { save: (record) => history().save(record) },
    clock,
    resourcesFolder,
    launch: () => launchEngine(engineEntry, engineEnvironment(process.env)),
    readProcessBytes,
    watchDevice: ({ device }) => watchDevice(monitor, device.kind === 'gpu' ? device.id : null),
    warn,
  })

  /** The run that goes on knows more than the store. */
  const recordOf = (id: string): RunRecord | null =>
    runner.latest?.record.id === id ? runner.latest.record : history().get(id)
  const noSuchRun = (id: string) => ({ message: `there is no run ${id}` })

  let isSearching = false
  /** What is being measured, in one line; null where nothing is. */
  function busyLine() {
    if (isSearching) {
      const message = 'a search for the largest size goes on: wait for it, or cancel it'
      return { message, data: { runId: null } }
    }
    const runId = runner.busyWith ?? history().running()
    if (runId === null) return null
    const where = runId === runner.busyWith ? '' : ' in another window or terminal'
    return {
      message: `the run ${runId} goes on${where}: wait for it, or cancel it`,
      data: { runId },
    }
  }
  /** Searches and runs exclude each other: they would share what is measured. */
  async function* search<Event>(
    signal: AbortSignal | undefined,
    find: (surroundings: LargestSurroundings) => AsyncGenerator<Event>,
  ): AsyncGenerator<Event> {
    isSearching = true
    try {
      yield* find({
        report: await machine.report(),
        resourcesFolder,
        clock,
        signal: signal ? AbortSignal.any([signal, closing.signal]) : closing.signal,
        launch: () => launchEngine(engineEntry, engineEnvironment(process.env)),
      })
    } finally {
      isSearching = false
    }
  }

  const contract = implement(hostContract).$context<HostContext>().use(answerInputErrors)
  const router: HostRouter = contract.router({
    about: contract.about.handler(() => ({ host, version, dataFolder })),
    // Trying providers would be measured, too.
    devices: contract.devices.handler(({ input }) =>
      machine.report({ refresh: input.refresh && runner.busyWith === null }),
    ),
    doctor: contract.doctor.handler(({ input }) =>
      runDoctor({
        dataFolder,
        history,
        launchMonitor,
        machine: () => machine.report({ refresh: input.refresh && runner.busyWith === null }),
      }),
    ),
    setupCuda: contract.setupCuda.handler(({ input, signal }) =>
      runCudaSetup(dataFolder, input, signal),
    ),
    plan: contract.plan.handler(async ({ input }) =>
      makePlan(input, await machine.report(), stepTheory),
    ),
    models: {
      // A reader of its own each time: the file may have changed since somebody asked.
      read: contract.models.read.handler(({ input }) =>
        createModelReader([process.cwd()])(input.path),
      ),
    },
    runs: {
      start: contract.runs.start.handler(async ({ input, errors }) => {
        const report = await machine.report()
        const plan = makePlan(input, report, stepTheory)
        const busy = busyLine()
        if (busy !== null) throw errors.BUSY(busy)
        return { id: runner.start(plan, report.host).record.id }
      }),
      events: contract.runs.events.handler(async function* ({ input, signal, errors }) {
        const { id, after } = input
        if (runner.latest?.record.id === id) {
          yield* runner.latest.events(after, signal)
          return
        }
        const record = history().get(id)
        if (!record) throw errors.NOT_FOUND(noSuchRun(id))
        yield* storedEvents(record, after)
      }),
      cancel: contract.runs.cancel.handler(({ input }) => runner.cancel(input.id)),
      current: contract.runs.current.handler(() => ({ id: runner.busyWith })),
    },
    viewers: {
      follow: contract.viewers.follow.handler(({ input, context, signal }) =>
        followViewer(context.viewer, input.viewerId, signal),
      ),
      take: contract.viewers.take.handler(({ context }) => context.viewer?.takeControl()),
    },
    largest: contract.largest.handler(async function* ({ input, signal, errors }) {
      if (busyLine() !== null) throw errors.BUSY(busyLine()!)
      yield* search(signal, (surroundings) => findLargest(input, surroundings))
    }),
    frontier: contract.frontier.handler(async function* ({ input, signal, errors }) {
      if (busyLine() !== null) throw errors.BUSY(busyLine()!)
      yield* search(signal, (surroundings) => findFrontier(input, surroundings))
    }),
    monitor: {
      events: contract.monitor.events.handler(({ input, signal }) =>
        monitor.events(input.after, signal),
      ),
    },
    recordings: {
      list: contract.recordings.list.handler(() => recordings.list()),
      start: contract.recordings.start.handler(() => recordings.start()),
      stop: contract.recordings.stop.handler(() => recordings.stop()),
      get: contract.recordings.get.handler(({ input }) => recordings.get(input.id)),
      lines: contract.recordings.lines.handler(({ input }) => recordings.lines(input)),
      read: contract.recordings.read.handler(({ input }) => {
        const { bytes, nextOffset } = recordings.read(input.id, input.offset)
        return { content: new Blob([bytes]), nextOffset }
      }),
      remove: contract.recordings.remove.handler(({ input }) => recordings.remove(input.id)),
    },
    history: {
      list: contract.history.list.handler(() => history().list()),
      get: contract.history.get.handler(({ input, errors }) => {
        const record = recordOf(input.id)
        if (!record) throw errors.NOT_FOUND(noSuchRun(input.id))
        return record
      }),
      remove: contract.history.remove.handler(({ input, errors }) => {
        const { id } = input
        if (runner.busyWith === id) {
          throw errors.BUSY({
            message: `the run ${id} goes on: cancel it first`,
            data: { runId: id },
          })
        }
        runner.forget(id)
        if (!history().remove(id)) throw errors.NOT_FOUND(noSuchRun(id))
      }),
    },
    quantization: {
      network: contract.quantization.network.handler(({ input }) =>
        quantizer.network(input.preset),
      ),
      accuracy: contract.quantization.accuracy.handler(({ input, signal }) =>
        quantizer.accuracy(input.preset, input.alphas, signal),
      ),
    },
    reports: {
      create: contract.reports.create.handler(async ({ input, errors }) => {
        const { id, format, language } = input
        const record = recordOf(id)
        if (!record) throw errors.NOT_FOUND(noSuchRun(id))
        const report = await createReport(record, { format, language, printPdf })
        const { fileName, mediaType, bytes } = report
        const content = new Blob([bytes.slice()], { type: mediaType })
        return { fileName, mediaType, content }
      }),
    },
  })

  return {
    router,
    metrics({ dcgm }) {
      // Whoever scrapes keeps the monitor working until the next time.
      monitor.hold()()
      const wallMs = clock.wallMs()
      const { state } = monitor
      const more = dcgm ? dcgmMetrics(state, wallMs, hostname()) : []
      return prometheusText([...monitorMetrics(state, wallMs), ...more])
    },
    async close() {
      closing.abort()
      await runner.close()
      recordings.stop()
      monitor.close()
      opened?.close()
      opened = null
    },
  }
}
