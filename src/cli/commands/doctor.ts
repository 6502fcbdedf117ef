import { exitCodes, type ExitCode } from '../exitCodes'
import type { HostClient } from '../hostClient'
import { printJson } from '../printJson'
import type { Terminal } from '../terminal'
import { doctorText } from '../text/doctorText'

/** Whether the machine can do what it should; the answer is no where its GPU cannot be used. */
export async function doctor(
  client: HostClient,
  { out }: Terminal,
  { json = false }: { readonly json?: boolean },
): Promise<ExitCode> {
  const report = await client.doctor({ refresh: true })
  if (json) printJson(out, report)
  else out.line(doctorText(report, out))
  return report.isHealthy ? exitCodes.ok : exitCodes.no
}
