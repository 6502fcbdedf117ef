import { resolve } from 'node:path'
import { InputError } from '../../core/errors'
import type { CudaSetupReport } from '../../protocol/cudaSetup'
import { exitCodes, type ExitCode } from '../exitCodes'
import type { HostClient } from '../hostClient'
import { onInterrupt } from '../onInterrupt'
import { printJson } from '../printJson'
import { showSetupProgress } from '../setupProgress'
import type { Terminal } from '../terminal'
import { setupText } from '../text/setupText'

export interface SetupOptions {
  readonly from?: string
  readonly cudnn?: boolean
  readonly reuse?: boolean
  readonly dryRun?: boolean
  readonly undo?: boolean
  readonly json?: boolean
}

/** Sets up CUDA, or undoes it; the answer is no where it is not ready afterwards. */
export async function setupCuda(
  client: HostClient,
  { out, err }: Terminal,
  { from, cudnn = true, reuse = true, dryRun = false, undo = false, json = false }: SetupOptions,
): Promise<ExitCode> {
  if (undo && (dryRun || from !== undefined))
    throw new InputError({
      code: 'INVALID_VALUE',
      path: '--undo',
      message: 'it goes with no other choice; leave out --from and --dry-run',
    })
  const cancel = new AbortController()
  const progress = showSetupProgress(err)
  const stopListening = onInterrupt(() => cancel.abort())
  let report: CudaSetupReport | null = null
  try {
    const input = {
      action: undo ? 'undo' : dryRun ? 'dryRun' : 'setUp',
      from: from === undefined ? null : resolve(from),
      withCudnn: cudnn,
      reuse,
    } as const
    const events = await client.setupCuda(input, { signal: cancel.signal })
    for await (const event of events) {
      if (event.type === 'ended') report = event.report
      else progress.show(event)
    }
  } finally {
    stopListening()
    progress.close()
  }
  if (report === null) throw new Error('the set-up ended without a report')
  if (json) printJson(out, report)
  else out.line(setupText(report, out))
  if (report.error !== null)
    return report.error.code === 'CANCELLED' ? exitCodes.cancelled : exitCodes.no
  return undo || dryRun || report.state === 'ready' ? exitCodes.ok : exitCodes.no
}
