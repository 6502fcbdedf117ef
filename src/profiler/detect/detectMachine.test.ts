import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DevicesReport, type ExecutionProvider } from '../../core/device'
import { launchWithNode } from '../engineProcess'
import { detectMachine } from './detectMachine'
import { probeProvider, readOnnxruntimeVersion } from './probeProvider'
import { deviceOfProvider, providerStatus } from './providerStatus'
import { cpuDevice } from './thisHost'

const ran = { known: true, ran: true, error: null }
const linux = { platform: 'linux', architecture: 'x64' } as const

describe('detecting this machine', () => {
  it('lists the CPU last, every provider once, and names no host', async () => {
    const report = await detectMachine({
      probe: (provider) =>
        Promise.resolve(provider === 'cpu' ? ran : { known: true, ran: false, error: 'broken' }),
      version: '1.2.3',
      onnxruntimeVersion: '1.30.0',
    })
    expect(DevicesReport.parse(report)).toEqual(report)
    expect(report.devices.at(-1)).toMatchObject({ id: 'cpu', kind: 'cpu' })
    expect(report.executionProviders.find(({ name }) => name === 'cpu')).toEqual({
      name: 'cpu',
      usable: true,
      reason: null,
      fix: null,
      command: null,
      details: null,
      deviceId: 'cpu',
      context: null,
    })
    for (const { usable, reason, deviceId } of report.executionProviders) {
      expect(usable).toBe(reason === null)
      expect(usable).toBe(deviceId !== null)
    }
    expect(JSON.stringify(report)).not.toContain(`"${hostname()}"`)
  })
})

describe('a provider', () => {
  it('that no build for the platform has is not tried', async () => {
    const asked: ExecutionProvider[] = []
    const probe = (provider: ExecutionProvider) => {
      asked.push(provider)
      return Promise.resolve(ran)
    }
    expect(await providerStatus('dml', probe, linux)).toMatchObject({
      usable: false,
      reason: 'ONNX Runtime for Node.js has it only on Windows',
    })
    const windows = { platform: 'win32', architecture: 'x64' } as const
    expect(await providerStatus('cuda', probe, windows)).toMatchObject({ usable: false })
    expect(asked).toEqual([])
    expect(await providerStatus('dml', probe, windows)).toMatchObject({ usable: true })
  })

  it('that the build lacks is said to be missing from the build', async () => {
    const probe = () => Promise.resolve({ known: false, ran: false, error: null })
    expect(await providerStatus('cuda', probe, linux)).toMatchObject({
      usable: false,
      reason: 'this build of ONNX Runtime has no cuda provider',
    })
  })

  it('computes on the GPU that CUDA_VISIBLE_DEVICES names first', () => {
    const gpu = (index: number) => ({
      ...cpuDevice(),
      id: `gpu-${index}`,
      kind: 'gpu' as const,
      vendor: 'NVIDIA',
    })
    const devices = [gpu(0), gpu(1), cpuDevice()]
    expect(deviceOfProvider('cuda', devices, linux)).toBe('gpu-0')
    expect(deviceOfProvider('cuda', devices, { ...linux, cudaVisibleDevices: '1,0' })).toBe('gpu-1')
    expect(deviceOfProvider('webgpu', [cpuDevice()], linux)).toBe('cpu')
  })
})

describe('trying a provider in an engine of its own', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'headroom-probe-'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  async function engine(body: string) {
    const engineEntry = join(folder, 'engine.cjs')
    await writeFile(engineEntry, body)
    return { launchEngine: launchWithNode, engineEntry }
  }

  it('ends as a failed probe where the engine crashes, with its last words', async () => {
    const crashing = await engine('console.error("libcuda.so.1 is broken"); process.exit(7)')
    const probe = await probeProvider(crashing, 'cuda')
    expect(probe).toMatchObject({ known: true, ran: false })
    expect(probe.error).toContain('the engine ended with code 7')
    expect(probe.error).toContain('libcuda.so.1 is broken')
    expect(await readOnnxruntimeVersion(crashing)).toBeNull()
  })
})
