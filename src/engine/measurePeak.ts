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
  const measuring = measureDevicePeak(provider, isHalf ? 'fp16' : 'fp32')
  let next = await measuring.next()
  try {
    while (!next.done) {
      // Whoever watches for hangs hears of each run, and may end it there.
      yield { type: 'progress', fraction: 0, remainingMs: null, throughputPerSecond: null }
      next = await measuring.next()
    }
  } finally {
    await measuring.return(null)
  }
  const devicePeak = next.value ?? null
  yield { type: 'update', update: { devicePeak } }
}
