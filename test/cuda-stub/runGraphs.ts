// A process for tests: runs the graphs of a folder by the engine's own session on the CUDA provider,
// and prints a JSON line for each. Tensors are zeros, since under the stand-in no value means anything.
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { GraphPort } from '../../src/core/onnx/inferenceGraph'
import { elementCount } from '../../src/core/onnx/graph'
import { createSession, tensorOf } from '../../src/engine/onnx'
import { parseOrtProfile } from '../../src/engine/ortProfile'

const [, , folder = '.'] = process.argv
const page = join(process.env.CUDA_STUB_SHARED ?? '/dev/shm', `cuda-stub-${process.pid}`)

/** Bytes copied so far, by stub.h's `Published`: 16 devices, peak, launches, 4 counts, 4 sums. */
function copiedBytes() {
  const bytes = readFileSync(page)
  const sumAt = (index: number) => Number(bytes.readBigUInt64LE((16 + 2 + 4 + index) * 8))
  return { toDevice: sumAt(1), toHost: sumAt(2) }
}

async function runGraph(file: string) {
  const ports = JSON.parse(readFileSync(join(folder, `${file}.json`), 'utf8')) as GraphPort[]
  const feeds = Object.fromEntries(
    ports.map((port) => [port.name, tensorOf(port, new Float64Array(elementCount(port.shape)))]),
  )
  const profiles = mkdtempSync(join(folder, 'profile-'))
  const session = await createSession(readFileSync(join(folder, `${file}.onnx`)), 'cuda', {
    profilePrefix: join(profiles, 'ort'),
  })
  await session.run(feeds)
  const before = copiedBytes()
  await session.run(feeds)
  const after = copiedBytes()
  session.endProfiling()
  await session.release()
  const profile = readFileSync(join(profiles, readdirSync(profiles)[0]!), 'utf8')
  const { nodesByProvider, memcpyNodes, peakBytes, heldBytes } = parseOrtProfile(profile, 'cuda')
  return {
    nodesByProvider,
    memcpyNodes,
    peakBytes,
    heldBytes,
    bytesToDevice: after.toDevice - before.toDevice,
    bytesToHost: after.toHost - before.toHost,
  }
}

async function runAll(): Promise<void> {
  const files = readdirSync(folder).filter((name) => name.endsWith('.onnx'))
  for (const name of files.map((file) => file.slice(0, -'.onnx'.length))) {
    const answer = await runGraph(name).catch((error: Error) => ({ error: error.message }))
    console.log(JSON.stringify({ name, ...answer }))
  }
}
void runAll()
