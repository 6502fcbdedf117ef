import { exitCodes, type ExitCode } from '../exitCodes'
import { findRun } from '../findRun'
import type { HostClient } from '../hostClient'
import { printJson } from '../printJson'
import type { Terminal } from '../terminal'
import { reportText } from '../text/reportText'

/** One stored run. */
export async function show(
  client: HostClient,
  { out }: Terminal,
  { id, json = false }: { readonly id: string; readonly json?: boolean },
): Promise<ExitCode> {
  const record = await findRun(client, id)
  if (json) printJson(out, record)
  else out.line(reportText(record, out))
  return exitCodes.ok
}
