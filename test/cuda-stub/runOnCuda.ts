import { execFile } from 'node:child_process'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { GraphPort } from '../../src/core/onnx/inferenceGraph'
import { bundleEntry } from '../bundleEntry'
import { cudaEnvironment } from './cudaStub'

export interface CudaCase {
  readonly name: string
  readonly inputs: readonly GraphPort[]
  readonly model: Uint8Array
}

/** What the shipped provider did over the stand-in: no value and no time is among it. */
export interface CudaAnswer {
  readonly name: string
  readonly error?: string
  readonly nodesByProvider: Readonly<Record<string, number>>
  readonly memcpyNodes: number
  readonly peakBytes: number
  readonly heldBytes: number
  readonly bytesToDevice: number
  readonly bytesToHost: number
}

/** Runs each graph twice in a process of its own. @param home a folder of the test's own */
export async function runOnCuda(home: string, cases: readonly CudaCase[]): Promise<CudaAnswer[]> {
  const folder = await mkdtemp(join(home, 'graphs-'))
  for (const [index, { inputs, model }] of cases.entries()) {
    await writeFile(join(folder, `${index}.onnx`), model)
    await writeFile(join(folder, `${index}.json`), JSON.stringify(inputs))
  }
  const entry = await bundleEntry('test/cuda-stub/runGraphs.ts')
  const environment = { ...(await cudaEnvironment(home)), CUDA_STUB_CC: '80' }
  const { stdout } = await promisify(execFile)(process.execPath, [entry, folder], {
    env: { ...process.env, ...environment },
    maxBuffer: 64 * 1024 * 1024,
  })
  return stdout
    .trim()
    .split('\n')
    .map((line) => {
      const answer = JSON.parse(line) as CudaAnswer
      return { ...answer, name: cases[Number(answer.name)]!.name }
    })
}
