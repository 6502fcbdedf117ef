import { mkdtemp, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ExecutionProvider } from '../core/device'
import { bytesOutsideCpuArena } from '../core/estimate/onnxBufferPlan'
import type { Graph } from '../core/onnx/graph'
import type { EngineEvent } from '../protocol/engineContract'
import { createSession, type Feeds } from './onnx'
import { parseOrtProfile } from './ortProfile'

/** The first run allocates what the second reuses: the peak of both is the peak of all. */
const runCount = 2

/**
 * Runs a profiled session of its own: profiling costs time, so it is kept apart from the timed one.
 * @param baselineBytes resident set of this process before it had a session
 */
export async function measureMemory(
  { model, graph }: { readonly model: Uint8Array; readonly graph: Graph },
  feeds: Feeds,
  {
    provider,
    scratchFolder,
    baselineBytes,
  }: {
    readonly provider: ExecutionProvider
    readonly scratchFolder: string
    readonly baselineBytes: number
  },
): Promise<Extract<EngineEvent, { type: 'memory' }>> {
  const folder = await mkdtemp(join(scratchFolder, 'profile-'))
  const session = await createSession(model, provider, { profilePrefix: join(folder, 'ort') })
  for (let run = 0; run < runCount; run += 1) await session.run(feeds)
  session.endProfiling()
  const processBytes = process.memoryUsage.rss()
  await session.release()
  const [file] = await readdir(folder)
  if (file === undefined) throw new Error(`ONNX Runtime wrote no profile into ${folder}`)
  const profile = parseOrtProfile(await readFile(join(folder, file), 'utf8'), provider)
  const outsideBytes = provider === 'cpu' ? bytesOutsideCpuArena(graph) : 0
  return {
    type: 'memory',
    actualProvider: provider,
    nodesByProvider: { ...profile.nodesByProvider },
    memcpyNodes: profile.memcpyNodes,
    measured: {
      allocatedPeakBytes: profile.peakBytes === null ? null : profile.peakBytes + outsideBytes,
      reservedPeakBytes: profile.heldBytes === null ? null : profile.heldBytes + outsideBytes,
      devicePeakBytes: null,
      baselineBytes,
      processBytes,
      source:
        provider === 'cpu'
          ? "ONNX Runtime's profile (mem_in_use_peak) + fed and stored tensors that its CPU arena does not hold"
          : "ONNX Runtime's profile (mem_in_use_peak)",
    },
  }
}
