// An engine for tests of what supervises it: it says what a real one says, computes nothing, and ends
// as the environment variable TEST_ENGINE tells it to.
import { implement } from '@orpc/server'
import { RPCHandler } from '@orpc/server/message-port'
import { parentPort } from '../../src/protocol/parentPort'
import {
  type EngineEvent,
  engineContract,
  type StepRequest,
} from '../../src/protocol/engineContract'

const contract = implement(engineContract)
const ending = process.env['TEST_ENGINE'] ?? 'complete'
const absent = (): never => {
  throw new Error('not part of this test')
}

/** Of every token that an engine of the ending `grow` is asked to take. */
const bytesPerToken = 10_000

async function* runStep({
  processIndex,
  precision,
  batchSize,
  sequenceLength,
}: StepRequest): AsyncGenerator<EngineEvent> {
  yield { type: 'phase', phase: 'load' }
  if (processIndex === 0) {
    yield {
      type: 'memory',
      measured: {
        allocatedPeakBytes:
          ending === 'grow' ? bytesPerToken * batchSize * (sequenceLength ?? 1) : 1200,
        reservedPeakBytes: null,
        devicePeakBytes: null,
        baselineBytes: 100,
        processBytes: null,
        source: 'test engine',
      },
      actualProvider: 'cpu',
      nodesByProvider: { cpu: 3 },
      memcpyNodes: 0,
    }
  }
  yield { type: 'update', update: { runsPerSample: 1 + processIndex } }
  yield { type: 'phase', phase: 'measure' }
  yield {
    type: 'latency',
    samplesMs: Array.from({ length: 70 }, (_, index) => 2 + (index % 7) / 100),
  }
  yield { type: 'progress', fraction: 0.5, remainingMs: 1000, throughputPerSecond: 32_000 }
  switch (precision === 'fp16' ? 'complete' : ending) {
    case 'abort':
      console.error('terminate called without an active exception')
      process.abort()
      break
    case 'exit':
      process.exit(70)
      break
    case 'badAlloc':
      console.error("terminate called after throwing an instance of 'std::bad_alloc'")
      process.exit(1)
      break
    case 'busy':
      for (;;);
    case 'grow':
    case 'wait':
      await new Promise(() => process.stdin.resume())
      break
    case 'throw':
      throw new Error('a bug of the engine')
    case 'garbage':
      process.send?.('{"no message')
      process.send?.({ no: 'message' })
      break
    case 'outOfMemory':
      yield {
        type: 'ended',
        update: { outcome: 'outOfMemory', reason: 'no 16 GiB', details: 'bfc_arena' },
      }
      return
  }
  yield { type: 'ended', update: { outcome: 'completed' } }
}

const router = contract.router({
  versions: contract.versions.handler(() => ({ onnxruntime: '0.0.0' })),
  probe: contract.probe.handler(absent),
  runStep: contract.runStep.handler(({ input }) => runStep(input)),
  quantization: {
    network: contract.quantization.network.handler(absent),
    accuracy: contract.quantization.accuracy.handler(absent),
  },
})

new RPCHandler(router).upgrade(parentPort())
