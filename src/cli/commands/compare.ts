import { compareRuns } from '../../core/compare/compareRuns'
import { InputError } from '../../core/errors'
import { exitCodes, type ExitCode } from '../exitCodes'
import { findRun } from '../findRun'
import type { HostClient } from '../hostClient'
import { printJson } from '../printJson'
import type { Terminal } from '../terminal'
import { comparisonText } from '../text/comparisonText'

interface CompareOptions {
  /** Judged against it. */
  readonly a: string
  readonly b: string
  readonly json?: boolean
}

/**
 * Judges run b against run a; the answer is no where b is worse.
 * @throws InputError, after printing, where the runs have nothing in common: no verdict is no pass
 */
export async function compare(
  client: HostClient,
  { out }: Terminal,
  { a, b, json = false }: CompareOptions,
): Promise<ExitCode> {
  const comparison = compareRuns(await findRun(client, a), await findRun(client, b))
  if (json) printJson(out, comparison)
  else out.line(comparisonText(comparison, out))
  if (comparison.verdict === 'notComparable') {
    throw new InputError({
      code: 'INVALID_VALUE',
      path: 'B',
      message: `${b} has no completed step that ${a} has: compare runs of the same network, modes, precisions and batch size`,
    })
  }
  return comparison.verdict === 'regressed' ? exitCodes.no : exitCodes.ok
}
