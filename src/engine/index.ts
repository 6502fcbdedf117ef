// The engine process: it alone runs ONNX Runtime, and whatever happens to it happens to nobody else.
import { implement } from '@orpc/server'
import { RPCHandler } from '@orpc/server/message-port'
import { engineContract } from '../protocol/engineContract'
import { answerInputErrors } from './answerInputErrors'
import { onnxruntimeVersion } from './onnx'
import { parentPort } from '../protocol/parentPort'
import { probeProvider } from './probe'
import { measureQuantizationAccuracy, quantizeNetwork } from './quantization'
import { runStep } from './runStep'

const contract = implement(engineContract).use(answerInputErrors)

const router = contract.router({
  versions: contract.versions.handler(() => ({ onnxruntime: onnxruntimeVersion })),
  probe: contract.probe.handler(({ input }) => probeProvider(input)),
  runStep: contract.runStep.handler(({ input }) => runStep(input)),
  quantization: {
    network: contract.quantization.network.handler(({ input }) => quantizeNetwork(input)),
    accuracy: contract.quantization.accuracy.handler(({ input }) =>
      measureQuantizationAccuracy(input),
    ),
  },
})

new RPCHandler(router).upgrade(parentPort())
