import type { ExecutionProvider } from '../core/device'
import { InputError } from '../core/errors'
import type { StepOutcome } from '../core/run/record'

export interface Failure {
  readonly outcome: StepOutcome
  readonly reason: string
  /** The error's own words. */
  readonly details: string
}

/** What an exception of ONNX Runtime means. Its texts are those of version 1.30. */
export function explainFailure(error: unknown, provider: ExecutionProvider): Failure {
  // Our own words need no explanation.
  if (error instanceof InputError) {
    return { outcome: 'unsupported', reason: error.toLine(), details: error.toLine() }
  }
  const details = withoutHostName(error instanceof Error ? error.message : String(error))
  const requested = /requested buffer of size (\d+)/.exec(details)?.[1]
  if (requested !== undefined || /bad_alloc|out of memory|CUDA failure 2\b/i.test(details)) {
    const what = requested === undefined ? '' : ` of ${requested} bytes`
    return provider === 'cpu'
      ? {
          outcome: 'hostOutOfMemory',
          reason: `the host could not allocate a buffer${what}`,
          details,
        }
      : { outcome: 'outOfMemory', reason: `the device could not allocate a buffer${what}`, details }
  }
  if (/cuDNN is unavailable|libcudnn/.test(details)) {
    return {
      outcome: 'unsupported',
      reason:
        'this network needs cuDNN, which is not there: fetch it with headroom setup cuda, or take a network without convolutions',
      details,
    }
  }
  if (
    /fallback to CPU EP has been explicitly disabled|Provider type for|NOT_IMPLEMENTED/.test(
      details,
    )
  ) {
    return {
      outcome: 'unsupported',
      reason: `${provider} cannot run every operator of this network, and nothing is moved to the CPU in silence`,
      details,
    }
  }
  if (/requires f16 but the device does not support it/.test(details)) {
    return { outcome: 'unsupported', reason: 'this device has no fp16: take fp32 or int8', details }
  }
  if (/GPU is lost|device removed|device was lost|CUDA failure (46|719|999)\b/i.test(details)) {
    return { outcome: 'deviceLost', reason: 'the device stopped answering', details }
  }
  return { outcome: 'crashed', reason: `ONNX Runtime failed: ${firstLine(details)}`, details }
}

/** CUDA's errors name the machine. */
function withoutHostName(text: string): string {
  return text.replaceAll(/hostname=\S+\s*;?\s*/g, '')
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0]!.slice(0, 300)
}
