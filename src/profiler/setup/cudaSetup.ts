import type { CudaSetupEvent, CudaSetupReport } from '../../protocol/cudaSetup'
import { findInstalledRuntime } from './assembleRuntime'
import { cudaFolder } from './cudaFolder'
import { describeSetup } from './describeSetup'
import { createEventQueue } from './eventQueue'
import { planSetup } from './planSetup'
import { setupCuda, undoCudaSetup } from './setupCuda'

export interface CudaSetupRequest {
  readonly action: CudaSetupReport['action']
  readonly from: string | null
  readonly withCudnn: boolean
  readonly reuse: boolean
}

/** At most this often is one download told of: a page redraws no faster. */
const progressPeriodMs = 100

/**
 * Sets up CUDA in the data folder, undoes it, or tells what would be done. Ends with one `ended`
 * event, whatever came of it; who stops listening, or aborts, cancels.
 */
export async function* runCudaSetup(
  dataFolder: string,
  { action, from, withCudnn, reuse: wanted }: CudaSetupRequest,
  outside: AbortSignal | undefined,
): AsyncGenerator<CudaSetupEvent, void> {
  const folder = cudaFolder(dataFolder)
  const runtime = findInstalledRuntime()
  // Who names a folder of wheels wants those.
  const reuse = wanted && from === null
  if (action !== 'setUp') {
    const options = { folder, runtime, from, withCudnn, reuse }
    const report =
      action === 'undo'
        ? await undoCudaSetup(options)
        : action === 'dryRun'
          ? await planSetup(options)
          : await describeSetup(options, action)
    yield { type: 'ended', report }
    return
  }
  const queue = createEventQueue<CudaSetupEvent>()
  const gone = new AbortController()
  const signal = outside ? AbortSignal.any([outside, gone.signal]) : gone.signal
  let toldMs = 0
  const done = setupCuda({
    folder,
    runtime,
    from,
    withCudnn,
    reuse,
    platform: { platform: process.platform, architecture: process.arch },
    environment: process.env,
    signal,
    onEvent: (event) => {
      if (
        event.type === 'progress' &&
        event.doneBytes > 0 &&
        event.doneBytes !== event.totalBytes
      ) {
        if (performance.now() - toldMs < progressPeriodMs) return
        toldMs = performance.now()
      }
      queue.push(event)
    },
  }).then(
    (report) => {
      queue.push({ type: 'ended', report })
      queue.end()
    },
    (error: unknown) => queue.end(error),
  )
  try {
    yield* queue.read()
  } finally {
    gone.abort()
    await done
  }
}
