import { ORPCError } from '@orpc/client'

/** What went wrong, in one line: the host's own, or the message of what was thrown in the page. */
export function errorLine(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** The field that the host refused, and why; null where something else went wrong. */
export function refusedField(error: unknown): { path: string; message: string } | null {
  if (!(error instanceof ORPCError) || error.code !== 'BAD_INPUT') return null
  const { path } = error.data as { path: string | null }
  return path === null ? null : { path, message: error.message }
}

/** The run that kept the host from starting another, or null. */
export function busyRunId(error: unknown): string | null {
  if (!(error instanceof ORPCError) || error.code !== 'BUSY') return null
  return (error.data as { runId: string | null }).runId
}
