import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import * as z from 'zod'
import {
  connectEngine,
  type EngineChild,
  engineEnvironment,
  launchWithNode,
} from '../src/profiler/engineProcess'
import type { EngineEvent, StepRequest } from '../src/protocol/engineContract'
import { bundleEntry } from './bundleEntry'
import { decoderRuns } from './onnx/decoderRuns'
import { runTraining } from './onnx/runTraining'
import { trainerRun } from './onnx/trainerRun'
import { createTrainer } from '../src/engine/trainer'

// A real GPU interface without a GPU: SwiftShader, which comes with Debian's chromium, computes on the CPU.
const chromium = '/usr/lib/chromium'
const driver = join(chromium, 'vk_swiftshader_icd.json')
const scratchFolder = mkdtempSync(join(tmpdir(), 'headroom-test-'))
const environment = engineEnvironment(process.env, {
  VK_ICD_FILENAMES: driver,
  LD_LIBRARY_PATH: chromium,
  XDG_RUNTIME_DIR: scratchFolder,
})
let engine: EngineChild

beforeAll(async () => {
  engine = launchWithNode(await bundleEntry('src/engine/index.ts'), environment)
}, 60_000)
afterAll(() => {
  engine.kill()
  rmSync(scratchFolder, { recursive: true, force: true })
})

const request: StepRequest = {
  mode: 'infer',
  preset: 'digits-mlp',
  model: null,
  precision: 'fp32',
  batchSize: 64,
  sequenceLength: null,
  trainingSteps: null,
  learningRate: null,
  provider: 'webgpu',
  optimizer: 'sgd',
  method: 'full',
  adapterRank: 8,
  gradientAccumulationSteps: 1,
  checkpointing: 'none',
  profile: 'quick',
  seed: 0,
  processCount: 1,
  processIndex: 0,
  resourcesFolder: 'resources',
  scratchFolder,
}

it.runIf(existsSync(driver))(
  'runs every node of the networks on WebGPU, none on the CPU',
  { timeout: 120_000 },
  async () => {
    const client = connectEngine(engine)
    expect(await client.probe({ provider: 'webgpu', keepsSession: false })).toEqual({
      known: true,
      ran: true,
      error: null,
    })
    for (const changes of [
      { preset: 'digits-mlp' },
      { preset: 'digits-cnn' },
      { mode: 'train' },
    ] as const) {
      const events: EngineEvent[] = []
      for await (const event of await client.runStep({ ...request, ...changes })) {
        events.push(event)
        if (event.type === 'memory' || event.type === 'ended') break
      }
      const last = events.at(-1)!
      expect(last, JSON.stringify(last)).toMatchObject({ type: 'memory', memcpyNodes: 0 })
      expect(last.type === 'memory' && Object.keys(last.nodesByProvider)).toEqual(['webgpu'])
    }
  },
)

it.runIf(existsSync(driver))(
  'trains decoders on WebGPU as on the CPU: five losses of every method within 1e-3',
  { timeout: 240_000 },
  async () => {
    const entry = await bundleEntry('test/onnx/trainOnWebGpu.ts')
    const { stdout } = await promisify(execFile)(process.execPath, [entry], { env: environment })
    const found = z.record(z.string(), z.array(z.number())).parse(JSON.parse(stdout))
    for (const { name, network, weights, batch, options } of decoderRuns) {
      const { losses } = await runTraining(network, weights, [batch], options)
      expect(found[name], name).toHaveLength(5)
      losses.forEach((loss, step) =>
        expect(Math.abs(found[name]![step]! - loss), name).toBeLessThan(1e-3),
      )
    }
  },
)

it.runIf(existsSync(driver))(
  'keeps state and frozen weights in the device’s buffers from step to step',
  { timeout: 120_000 },
  async () => {
    const entry = await bundleEntry('test/onnx/trainerOnWebGpu.ts')
    const { stdout } = await promisify(execFile)(process.execPath, [entry], { env: environment })
    const Found = z.object({
      losses: z.array(z.number()),
      locations: z.array(z.string()),
      lossBefore: z.number(),
      lossAgain: z.number(),
      first: z.array(z.number()),
    })
    const found = Found.parse(JSON.parse(stdout))
    expect(found.locations).toEqual(['gpu-buffer'])
    // What `loss` computes is thrown away.
    expect(found.lossAgain).toBe(found.lossBefore)
    const { training, weights, batches } = trainerRun()
    const trainer = await createTrainer(training, weights, { provider: 'cpu', seed: 0 })
    for (const [step, batch] of batches.entries()) {
      expect(Math.abs((await trainer.step(batch, 0.01)) - found.losses[step]!)).toBeLessThan(1e-3)
    }
    const [, first] = [...(await trainer.weights())][0]!
    found.first.forEach((value, index) =>
      expect(Math.abs(value - first[index]!)).toBeLessThan(1e-3),
    )
  },
)
