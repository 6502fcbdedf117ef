import type { HistoryReport } from '../../protocol/historyReport'
import { exitCodes, type ExitCode } from '../exitCodes'
import type { HostClient } from '../hostClient'
import { printJson } from '../printJson'
import type { Terminal } from '../terminal'
import { historyText } from '../text/historyText'

/** The stored runs, the newest first. */
export async function history(
  client: HostClient,
  { out }: Terminal,
  { json = false }: { readonly json?: boolean },
): Promise<ExitCode> {
  const list = await client.history.list()
  const runs = list.toSorted((a, b) => (a.id < b.id ? 1 : -1)) // ULIDs sort by time
  const report: HistoryReport = { schema: 'headroom/history/1', runs }
  if (json) printJson(out, report)
  else out.line(historyText(runs, out))
  return exitCodes.ok
}
