import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { MessagePortMainLike } from '@orpc/client/message-port'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { cpuMachine, gpuMachine } from '../../../test/pageData'
import { executionProviders } from '../../core/device'
import type { DoctorCheck } from '../../core/doctor/doctorReport'
import type { NvmlReport } from '../../core/doctor/nvmlReport'
import { createTranslator } from '../../core/report/words/translateSentence'
import { CudaSetupState } from '../../protocol/cudaSetup'
import { explainProviderFailure } from '../../profiler/detect/explainProviderFailure'
import { explainNvidia } from '../../profiler/detect/explainNvidia'
import { knownFailures, type ProviderFailure } from '../../profiler/detect/knownFailures'
import type { NvidiaSystem } from '../../profiler/detect/nvidiaSystem'
import { probeProvider } from '../../profiler/detect/probeProvider'
import { providerStatus } from '../../profiler/detect/providerStatus'
import { askNvml } from '../../profiler/doctor/askNvml'
import { checkDataFolder, checkDisk, checkHistory } from '../../profiler/doctor/checkFolders'
import { checkCuda, checkCudnn, checkDriver } from '../../profiler/doctor/checkNvidia'
import { checkNvml, type KernelView } from '../../profiler/doctor/checkNvml'
import { runDoctor } from '../../profiler/doctor/runDoctor'
import type { EngineChild, EngineExit } from '../../profiler/engineProcess'
import { openHistory } from '../../profiler/history'
import { deviceSentences } from './deviceSentences'

vi.mock(import('node:fs'), async (original) => {
  const fs = await original()
  return { ...fs, statfsSync: vi.fn<typeof fs.statfsSync>(fs.statfsSync) as typeof fs.statfsSync }
})

const translate = createTranslator(deviceSentences)

/** Words that no name, command or type has. */
const hasEnglish = (text: string): boolean =>
  /\b(?:a|and|by|for|in|is|it|no|not|of|on|the|unknown)\b/.test(text)

/** Those of `sentences` that have no Chinese one, or one with English left in it. */
const untranslated = (sentences: Iterable<string | null>): string[] =>
  [...new Set(sentences)].filter((text): text is string => {
    const said = text === null ? null : translate(text)
    return text !== null && (said === null || !/[\u4E00-\u9FFF]/.test(said) || hasEnglish(said))
  })

const ofFailure = ({ reason, fix }: Pick<ProviderFailure, 'fix'> & { reason: string | null }) => [
  reason,
  fix,
]
const ofChecks = (checks: readonly DoctorCheck[]) =>
  checks.flatMap(({ found, fix }) => [found, fix])

const bools = [true, false] as const
const systems: readonly NvidiaSystem[] = bools.flatMap((hasGpu) =>
  bools.flatMap((inContainer) =>
    bools.flatMap((isWsl) =>
      bools.flatMap((isMigWithoutInstances) =>
        [null, '580.65.06'].flatMap((kernelDriver) =>
          (['usable', 'denied', 'missing'] as const).flatMap((deviceFiles) =>
            [undefined, '', '-1', '3'].flatMap((cudaVisibleDevices) =>
              [null, 'Driver/library version mismatch'].map((smiProblem) => ({
                hasGpu,
                inContainer,
                isWsl,
                isMigWithoutInstances,
                kernelDriver,
                deviceFiles,
                cudaVisibleDevices,
                smiProblem,
                distribution: 'debian',
              })),
            ),
          ),
        ),
      ),
    ),
  ),
)

/** A process that ends with `exit`, at once or when it is killed. */
function endingChild(exit: EngineExit, onlyWhenKilled = false, said = ''): EngineChild {
  const { promise, resolve } = Promise.withResolvers<EngineExit>()
  if (!onlyWhenKilled) resolve(exit)
  const port = { postMessage: () => {}, on: () => {}, start: () => {} }
  return {
    port: port as unknown as MessagePortMainLike,
    pid: null,
    spawned: Promise.resolve(null),
    exited: promise,
    stderrTail: () => said,
    kill: () => resolve(exit),
  }
}
const exits: readonly EngineExit[] = [
  { code: 1, signal: null },
  { code: null, signal: null },
  { code: null, signal: 'SIGSEGV' },
]

afterEach(() => vi.useRealTimers())

describe('why a provider does not run, in Chinese', () => {
  it('has a sentence for every failure that is known by its text', () => {
    const failures = knownFailures.flatMap(({ explain }) =>
      executionProviders.flatMap((provider) =>
        ['libcudart.so.13', 'libcurand.so.10'].map((found) => explain(found, provider)),
      ),
    )
    expect(untranslated(failures.flatMap(ofFailure))).toEqual([])
  })

  it('has one for every cause in every system', () => {
    const failures = knownFailures.flatMap(({ cause, explain }) =>
      cause === undefined
        ? []
        : systems.map((system) => explainNvidia(cause, explain('libcuda.so.1', 'cuda'), system)),
    )
    expect(untranslated(failures.flatMap(ofFailure))).toEqual([])
  })

  it('has one for each provider that a platform or a build lacks', async () => {
    const statuses = await Promise.all(
      executionProviders.flatMap((provider) =>
        ['linux', 'win32', 'darwin', 'freebsd'].map((platform) =>
          providerStatus(
            provider,
            () => Promise.resolve({ known: false, ran: false, error: null }),
            { platform: platform as NodeJS.Platform, architecture: 'arm64' },
          ),
        ),
      ),
    )
    expect(untranslated(statuses.flatMap(ofFailure))).toEqual([])
  })

  it('has one for what is not known, and keeps its own words', () => {
    const { reason } = explainProviderFailure('dml', 'something new')
    expect(translate(reason)).toBe('只含一个算子的会话失败：something new')
    expect(untranslated([explainProviderFailure('dml', null).reason])).toEqual([])
  })

  it('has one for an engine that ends or hangs', async () => {
    const trial = (child: EngineChild) =>
      probeProvider({ launchEngine: () => child, engineEntry: '' }, 'webgpu')
    const ended = await Promise.all(exits.map((exit) => trial(endingChild(exit))))
    vi.useFakeTimers()
    const hanging = trial(endingChild(exits[0]!, true))
    await vi.advanceTimersByTimeAsync(60_000)
    const reasons = [...ended, await hanging].map(
      ({ error }) => explainProviderFailure('webgpu', error).reason,
    )
    expect(reasons.at(-1)).toContain('within 60 s')
    expect(untranslated(reasons)).toEqual([])
  })
})

describe('what the doctor finds, in Chinese', () => {
  let folder: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'headroom-sentences-'))
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  it('has a sentence for an engine that does not start', async () => {
    const host = { ...cpuMachine.host, onnxruntimeVersion: null }
    const { checks } = await runDoctor({
      dataFolder: folder,
      history: () => ({ list: () => [] }),
      machine: () => Promise.resolve({ ...cpuMachine, host }),
      launchMonitor: () => endingChild(exits[0]!),
    })
    const [versions] = checks
    expect(versions).toMatchObject({ name: 'versions', status: 'failed' })
    expect(untranslated(ofChecks([versions!]))).toEqual([])
  })

  it('has one for the data folder and its disk', () => {
    writeFileSync(join(folder, 'file'), '')
    const disks = [2 ** 27, 2 ** 31, 2 ** 40].flatMap((free) =>
      bools.map((mayNeedSetup) => {
        vi.mocked(statfsSync).mockReturnValueOnce({ bavail: free, bsize: 1 } as never)
        return checkDisk(folder, mayNeedSetup)
      }),
    )
    expect(new Set(disks.map(({ status }) => status)).size).toBe(3)
    const checks = [
      checkDataFolder(join(folder, 'file')),
      checkDisk(join(folder, 'nowhere'), false),
      ...disks,
    ]
    expect(untranslated(ofChecks(checks))).toEqual([])
  })

  it('has one for a history that is right, changed, newer or not to be opened', () => {
    const list = (intact: readonly boolean[]) => () => ({
      list: () => intact.map((isIntact) => ({ intact: isIntact })) as never,
    })
    const newer = join(folder, 'newer.sqlite')
    const database = new DatabaseSync(newer)
    database.exec('PRAGMA user_version = 999')
    database.close()
    const open = (file: string) => () => openHistory({ file, warn: () => {} })
    const checks = [
      checkHistory(list([true])),
      checkHistory(list([false])),
      checkHistory(open(newer)),
      checkHistory(open(folder)),
    ]
    expect(checks.map(({ status }) => status)).toEqual(['ok', 'warning', 'failed', 'failed'])
    // The last one says in SQLite's own words why.
    expect(untranslated(ofChecks(checks.slice(0, -1)))).toEqual([])
    expect(translate(checks.at(-1)!.found)).toMatch(/^历史记录无法打开（unable to open .*）：请/)
  })

  it('has one for every state of the driver', () => {
    const gpu = (driverVersion: string | null) => ({ driverVersion }) as never
    const reports = (['missing', 'timedOut', 'ok', 'failed'] as const).flatMap((status) =>
      [[], [gpu('580.65.06')], [gpu(null), gpu(null)]].map((gpus) =>
        checkDriver({ status, gpus, migDevices: [], problem: null }),
      ),
    )
    const native = 'Driver/library version mismatch'
    const mismatch = checkDriver({ status: 'ok', gpus: [], migDevices: [], problem: native })
    expect(untranslated([...ofChecks(reports), mismatch.fix])).toEqual([])
  })

  it('has one for every answer of NVML in every system', async () => {
    const kernels: readonly KernelView[] = [null, ...systems]
    const report: NvmlReport = {
      isLoaded: true,
      libraryVersion: '580.95.05',
      nvmlVersion: '13.580.95.05',
      driverVersion: '580.95.05',
      gpuCount: 1,
      faults: [],
      error: null,
      errorCode: null,
    }
    const reports: readonly NvmlReport[] = [
      ...[0, 1, 8].flatMap((gpuCount) =>
        [null, '580.95.05'].flatMap((driverVersion) => [
          { ...report, gpuCount, driverVersion, libraryVersion: null },
          { ...report, gpuCount, driverVersion, nvmlVersion: null },
        ]),
      ),
      { ...report, isLoaded: false },
      { ...report, gpuCount: null },
      { ...report, gpuCount: null, error: '(18)', errorCode: 18, libraryVersion: null },
      { ...report, gpuCount: 8, faults: ['GPU 3: (15)', 'GPU 4: (15)'] },
    ]
    const launch = (exit: EngineExit, said: string) => askNvml(() => endingChild(exit, false, said))
    const ended = await Promise.all(
      exits.flatMap((exit) => [launch(exit, ''), launch(exit, 'koffi')]),
    )
    const answers = [
      ...reports.map((each) => ({ status: 'answered', report: each }) as const),
      { status: 'hung' } as const,
      ...ended,
    ]
    const checks = answers.flatMap((answer) => kernels.map((kernel) => checkNvml(answer, kernel)))
    expect(untranslated(ofChecks(checks))).toEqual([])
  })

  it('has one for every state of CUDA and of cuDNN', async () => {
    const checks = CudaSetupState.options.flatMap((state) =>
      [cpuMachine, gpuMachine].map((machine) =>
        checkCuda(
          {
            schema: 'headroom/setup/1',
            action: 'status',
            state,
            folder,
            onnxruntimeVersion: '1.30.0',
            cudaMajor: state === 'ready' && machine === cpuMachine ? null : 13,
            packages: [],
            wanted: ['nvidia-cublas~=13.0', 'nvidia-cufft~=12.0'],
            wheels: [],
            wheelBytes: null,
            reusable: [],
            bytes: 0,
            error: null,
          },
          machine,
        ),
      ),
    )
    const without = await checkCudnn(join(folder, 'nowhere'), {})
    writeFileSync(join(folder, 'libcudnn.so.9'), '')
    const both = [without, await checkCudnn(folder, {})]
    expect(untranslated(ofChecks([...checks, ...both]))).toEqual([])
  })
})

it('a sentence about a device keeps every figure', () => {
  const places = (text: string) => (text.match(/{{\w+}}/g) ?? []).toSorted().join()
  const lost = deviceSentences.filter(([english, chinese]) => places(english) !== places(chinese))
  expect(lost).toEqual([])
})
