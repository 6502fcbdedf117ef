import { exitCodes, type ExitCode } from '../exitCodes'
import type { HostClient } from '../hostClient'
import type { Terminal } from '../terminal'
import { devicesText } from '../text/devicesText'
import { printJson } from '../printJson'

/** What there is to compute with; the answer is no where nothing can compute. */
export async function devices(
  client: HostClient,
  { out }: Terminal,
  { json = false }: { readonly json?: boolean },
): Promise<ExitCode> {
  const report = await client.devices({ refresh: true })
  if (json) printJson(out, report)
  else out.line(devicesText(report, out))
  return report.executionProviders.some(({ usable }) => usable) ? exitCodes.ok : exitCodes.no
}
