import type { EngineEvent, StepRequest } from '../protocol/engineContract'
import { measureDevicePeak } from './devicePeak'

/** What the device gives at most in the type that this step computes in; integers have no such probe. */
export async function* measurePeak({
  mode,
  precision,
  provider,
}: Pick<StepRequest, 'mode' | 'precision' | 'provider'>): AsyncGenerator<EngineEvent> {
  if (provider === 'cpu' && precision === 'int8' && mode === 'infer') return
  yield { type: 'phase', phase: 'peak' }
  // A CPU computes fp16 in fp32.
  const isHalf = precision === 'fp16' && provider !== 'cpu'
  const devicePeak = await measureDevicePeak(provider, isHalf ? 'fp16' : 'fp32')
  yield { type: 'update', update: { devicePeak } }
}
