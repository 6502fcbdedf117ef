import { applyRunEvent, type RunState } from '../../core/run/applyRunEvent'
import type { RunOutcome } from '../../core/run/record'
import { exitCodes, type ExitCode } from '../exitCodes'
import type { HostClient } from '../hostClient'
import { onInterrupt } from '../onInterrupt'
import { printJson } from '../printJson'
import { showRunProgress } from '../runProgress'
import type { Terminal } from '../terminal'
import { reportText } from '../text/reportText'
import { readDecoder, readWorkload, type WorkloadOptions } from '../workloadOptions'

const exitCodeOf: Readonly<Record<RunOutcome, ExitCode>> = {
  completed: exitCodes.ok,
  partial: exitCodes.no,
  failed: exitCodes.no,
  running: exitCodes.no,
  cancelled: exitCodes.cancelled,
}

/** Runs a benchmark to its end, or until the interrupt comes: then what there is, is stored. */
export async function run(
  client: HostClient,
  { out, err }: Terminal,
  { json = false, ...options }: WorkloadOptions & { readonly json?: boolean },
): Promise<ExitCode> {
  const workload = readWorkload(options, await readDecoder(options))
  const progress = showRunProgress(err)
  const { id } = await client.runs.start(workload)
  const stopListening = onInterrupt(() => {
    progress.note('cancelling; what was measured is kept')
    void client.runs.cancel({ id })
  })
  try {
    let state: RunState | null = null
    for await (const { event } of await client.runs.events({ id, after: -1 })) {
      state = applyRunEvent(state, event)
      progress.show(event, state)
    }
  } finally {
    stopListening()
  }
  const record = await client.history.get({ id })
  if (json) printJson(out, record)
  else out.line(`\n${reportText(record, out)}`)
  return exitCodeOf[record.outcome]
}
