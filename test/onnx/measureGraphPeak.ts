import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { InferenceSession } from 'onnxruntime-node'
import { bytesOutsideCpuArena } from '../../src/core/estimate/onnxBufferPlan'
import { encodeModel } from '../../src/core/onnx/encodeModel'
import { elementCount, type Graph } from '../../src/core/onnx/graph'
import { parseOrtProfile } from '../../src/engine/ortProfile'
import { feedTensor } from './runGraph'

export const threadCount = 2

/**
 * Bytes that ONNX Runtime's CPU provider holds at most in two runs by its own profile, and those beside
 * its arena; zeros are fed.
 */
export async function measureGraphPeak(graph: Graph): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'headroom-profile-'))
  const session = await InferenceSession.create(encodeModel(graph), {
    intraOpNumThreads: threadCount,
    enableMemPattern: false,
    enableProfiling: true,
    profileFilePrefix: join(folder, 'ort'),
  })
  const feeds = Object.fromEntries(
    graph.inputs.map((input) => [
      input.name,
      feedTensor(input, new Float32Array(elementCount(input.shape))),
    ]),
  )
  await session.run(feeds)
  await session.run(feeds)
  session.endProfiling()
  await session.release()
  const [file] = await readdir(folder)
  const { peakBytes } = parseOrtProfile(await readFile(join(folder, file!), 'utf8'), 'cpu')
  await rm(folder, { recursive: true })
  return peakBytes! + bytesOutsideCpuArena(graph)
}
