import { createRouterClient } from '@orpc/server'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { defaultWorkload, type Workload } from '../../src/core/plan/workload'
import type { RunRecord } from '../../src/core/run/record'
import { launchWithNode } from '../../src/profiler/engineProcess'
import { createProfiler, type Profiler } from '../../src/profiler/profiler'
import { bundleEntry } from '../bundleEntry'
import { cudaStubMissing, driverEnvironment, wheelFolder } from './cudaStub'

// A machine with a driver and nothing else of NVIDIA: the whole application, the real engine and the
// shipped CUDA provider, which is set up on the way. The tests follow one another, as a person would.
describe.skipIf(cudaStubMissing !== null)(
  'on a machine that plays a T4 (needs the stand-in)',
  () => {
    const before = { ...process.env }
    let home: string
    let faults: string
    let profiler: Profiler
    let client: ReturnType<typeof connect>

    const connect = ({ router }: Profiler) => createRouterClient(router)

    beforeAll(async () => {
      home = await mkdtemp(join(tmpdir(), 'headroom-machine-'))
      faults = join(home, 'faults')
      await mkdir(join(home, 'shared'))
      Object.assign(process.env, driverEnvironment(join(home, 'shared')), {
        CUDA_STUB_FAULT_FILE: faults,
        NVML_STUB_FAULT_FILE: faults,
      })
      profiler = createProfiler({
        host: 'terminal',
        version: '0.0.0',
        dataFolder: join(home, 'data'),
        resourcesFolder: resolve('resources'),
        engineEntry: await bundleEntry('src/engine/index.ts'),
        monitorEntry: await bundleEntry('src/monitor/index.ts'),
        launchEngine: launchWithNode,
        warn: () => {},
      })
      client = connect(profiler)
    }, 120_000)
    afterAll(async () => {
      await profiler?.close()
      process.env = before
      await rm(home, { recursive: true, force: true })
    })

    async function run(changes: Partial<Workload>): Promise<RunRecord> {
      const { id } = await client.runs.start({
        ...defaultWorkload,
        modes: ['infer'],
        precisions: ['fp32'],
        provider: 'cuda',
        ...changes,
      })
      for await (const _event of await client.runs.events({ id, after: -1 })) continue
      return client.history.get({ id })
    }

    const provider = async () => {
      const { executionProviders } = await client.devices({ refresh: true })
      return executionProviders.find(({ name }) => name === 'cuda')!
    }

    it('the doctor misses the provider, and names the command that brings it', async () => {
      const report = await client.doctor({ refresh: true })
      expect(report).toMatchObject({ isHealthy: false, wanted: 'cuda' })
      expect(report.devices[0]).toMatchObject({
        name: 'Stub T4 (no GPU)',
        computeCapability: '7.5',
      })
      expect(report.executionProviders.find(({ name }) => name === 'cuda')).toMatchObject({
        usable: false,
        reason: expect.stringMatching(/CUDA library of ONNX Runtime is not installed/) as unknown,
        command: 'headroom setup cuda',
      })
    }, 60_000)

    it('the set-up brings it, from a folder with the real provider', async () => {
      const from = join(home, 'wheels')
      await wheelFolder(from)
      let last: unknown = null
      const request = { action: 'setUp', from, withCudnn: false } as const
      for await (const event of await client.setupCuda(request)) last = event
      expect(last).toMatchObject({ type: 'ended', report: { state: 'ready', error: null } })
    }, 120_000)

    it('the doctor is content, but for cuDNN', async () => {
      const report = await client.doctor({ refresh: true })
      expect(report.isHealthy).toBe(true)
      expect(report.executionProviders.find(({ name }) => name === 'cuda')).toMatchObject({
        usable: true,
        deviceId: 'gpu-0',
      })
      expect(report.checks.find(({ name }) => name === 'cudnn')).toMatchObject({
        status: 'warning',
      })
    }, 60_000)

    it('the context of a process on this GPU is measured: all that it holds but its arena', async () => {
      process.env.CUDA_STUB_CONTEXT_BYTES = String(300 * 1024 ** 2)
      const { context } = await provider()
      delete process.env.CUDA_STUB_CONTEXT_BYTES
      expect(context?.bytes).toBeGreaterThanOrEqual(300 * 1024 ** 2)
      // What cuBLAS takes of the stand-in is little, and nvidia-smi counts in MiB.
      expect(context?.bytes).toBeLessThan(340 * 1024 ** 2)
      expect(context?.source).toMatch(/^nvidia-smi: .* less 1 MiB of its arena$/)
      expect((await provider()).context?.bytes ?? 0).toBeLessThan(40 * 1024 ** 2)
    }, 120_000)

    it('a run is wholly on CUDA, its memory is seen from outside, and it says what it ran on', async () => {
      const record = await run({})
      const [step] = record.steps
      expect(record).toMatchObject({ outcome: 'completed', device: { name: 'Stub T4 (no GPU)' } })
      expect(step!.executionProvider).toMatchObject({ actual: 'cuda', memcpyNodes: 0 })
      expect(Object.keys(step!.executionProvider.nodesByProvider)).toEqual(['cuda'])
      // nvidia-smi counts in MiB; before the session there was nothing.
      const { devicePeakBytes, reservedPeakBytes } = step!.memory.measured!
      expect(devicePeakBytes).toBeGreaterThanOrEqual(reservedPeakBytes! - 1024 ** 2)
      expect(step!.notes[0]).toContain('Stub T4 (no GPU) is a stand-in')
      const { content } = await client.reports.create({
        id: record.id,
        format: 'md',
        language: 'en',
      })
      expect(await content.text()).toMatch(/Stub T4 \(no GPU\)[\s\S]*is a stand-in/)
    }, 120_000)

    it('convolutions need cuDNN, which the step says', async () => {
      const { steps } = await run({ preset: 'digits-cnn' })
      expect(steps[0]).toMatchObject({
        outcome: 'unsupported',
        reason: expect.stringContaining('this network needs cuDNN') as unknown,
      })
    }, 60_000)

    it('running out of memory at the bytes that CUDA sees is an outcome', async () => {
      process.env.CUDA_STUB_TOTAL_BYTES = String(1.5 * 1024 ** 2) // the arena's first MiB and half of the next
      const { steps } = await run({ modes: ['train'], batchSize: 1024 })
      delete process.env.CUDA_STUB_TOTAL_BYTES
      expect(steps[0]).toMatchObject({
        outcome: 'outOfMemory',
        reason: expect.stringMatching(/could not allocate a buffer of \d+ bytes/) as unknown,
      })
    }, 60_000)

    it('a GPU that is lost is an outcome', async () => {
      await writeFile(faults, 'cudaLaunchKernel=999,cudaMemcpyAsync=999')
      const { steps } = await run({ modes: ['train'] })
      await rm(faults)
      expect(steps[0]).toMatchObject({ outcome: 'deviceLost' })
    }, 60_000)

    // What the provider itself says under each fault, and what is made of it.
    it.each([
      ['cudaSetDevice=35', /driver .*is older/],
      ['cudaLaunchKernel=209', /no code for this GPU's architecture/],
      ['cudaSetDevice=803', /was updated, and the old one is still loaded/],
      ['cudaSetDevice=802', /joined by NVSwitch/],
      ['cudaMalloc=2', /no memory left for a single operator/],
      ['cudaSetDevice=46', /reserved by another program/],
      ['nvmlInit_v2=18,cudaSetDevice=100', /was updated, and the old one is still loaded/],
    ])(
      '%s',
      async (fault, reason) => {
        await writeFile(faults, fault)
        const { usable, reason: said, details } = await provider()
        await rm(faults)
        expect(usable).toBe(false)
        expect(said).toMatch(reason)
        expect(details).not.toMatch(/hostname=/)
      },
      60_000,
    )

    it('CUDA_VISIBLE_DEVICES that hides the GPU is named', async () => {
      process.env.CUDA_VISIBLE_DEVICES = '-1'
      const { reason, command } = await provider()
      delete process.env.CUDA_VISIBLE_DEVICES
      expect(reason).toContain('CUDA_VISIBLE_DEVICES="-1" hides every GPU')
      expect(command).toBe('unset CUDA_VISIBLE_DEVICES')
    }, 60_000)

    it.each([0, 2, 8])(
      '%d GPUs are listed, and the first one is used',
      async (count) => {
        process.env.CUDA_STUB_DEVICES = String(count)
        const { devices, executionProviders } = await client.devices({ refresh: true })
        delete process.env.CUDA_STUB_DEVICES
        expect(devices.filter(({ kind }) => kind === 'gpu')).toHaveLength(count)
        const cuda = executionProviders.find(({ name }) => name === 'cuda')
        expect(cuda).toMatchObject({ usable: count > 0, deviceId: count > 0 ? 'gpu-0' : null })
      },
      60_000,
    )

    it('a GPU that is cut up is listed by its instances, or said to have none', async () => {
      process.env.CUDA_STUB_MIG = '2'
      const { devices } = await client.devices({ refresh: true })
      process.env.CUDA_STUB_MIG = '0'
      const { reason, command } = await provider()
      delete process.env.CUDA_STUB_MIG
      expect(devices.map(({ id }) => id)).toEqual(['gpu-0-mig-0', 'gpu-0-mig-1', 'cpu'])
      expect(reason).toBe('MIG is on and the GPU has no instance to compute on')
      expect(command).toBe('sudo nvidia-smi mig -cgi 0 -C')
    }, 60_000)
  },
)
