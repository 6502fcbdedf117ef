import { InputError } from '../core/errors'
import type { RunRecord } from '../core/run/record'
import type { RunSummary } from '../protocol/contract'
import type { HostClient } from './hostClient'

/** `latest`, an id, or the only end or beginning of one. */
export async function findRun(client: HostClient, text: string): Promise<RunRecord> {
  return client.history.get({ id: chooseRun(await client.history.list(), text).id })
}

/** @throws InputError where no run, or more than one, is meant */
export function chooseRun(runs: readonly RunSummary[], text: string): RunSummary {
  const wanted = text.toUpperCase()
  const newestFirst = runs.toSorted((a, b) => (a.id < b.id ? 1 : -1))
  const exact = newestFirst.find(({ id }) => id === wanted)
  const found =
    exact !== undefined
      ? [exact]
      : wanted === 'LATEST'
        ? newestFirst.slice(0, 1)
        : newestFirst.filter(({ id }) => id.startsWith(wanted) || id.endsWith(wanted))
  const [run, ...others] = found
  if (run === undefined) {
    const wayOut =
      runs.length === 0 ? 'there is none yet, start one with headroom run' : 'see headroom history'
    throw new InputError({ code: 'NOT_FOUND', path: 'ID', message: `no run ${text}: ${wayOut}` })
  }
  if (others.length > 0) {
    throw new InputError({
      code: 'INVALID_VALUE',
      path: 'ID',
      message: `${text} means ${found.length} runs: give more of the id, see headroom history`,
    })
  }
  return run
}
