import { useNavigate, useSearch } from '@tanstack/react-router'
import type { RunSummary } from '../../../protocol/contract'

// Which runs a page shows stands in its address: it survives a reload, and Back goes back.

export interface RunChoice {
  /** The run that is looked at: the one chosen, else the newest that measured something. */
  readonly runId: string | null
  /** The run before it that it is compared with; null where only one is looked at. */
  readonly baseId: string | null
  readonly choose: (choice: { readonly run: string; readonly base?: string | null }) => void
}

/** The chosen runs of this page among `runs`. */
export function useRunChoice(runs: readonly RunSummary[]): RunChoice {
  const search: Record<string, unknown> = useSearch({ strict: false })
  const navigate = useNavigate()
  return {
    runId: knownId(search['run'], runs) ?? newestMeasured(runs)?.id ?? null,
    baseId: knownId(search['base'], runs),
    choose: ({ run, base }) => {
      const next = base ? { run, base } : { run }
      void navigate({ to: '.', search: next as never })
    },
  }
}

function knownId(value: unknown, runs: readonly RunSummary[]): string | null {
  return runs.find(({ id }) => id === value)?.id ?? null
}

/** The newest run with a completed step that can be read, else the newest. */
export function newestMeasured(runs: readonly RunSummary[]): RunSummary | undefined {
  const newestFirst = runs.toSorted((a, b) => (a.startedAt < b.startedAt ? 1 : -1))
  const measured = newestFirst.find(
    ({ completedStepCount, otherVersion }) => completedStepCount > 0 && !otherVersion,
  )
  return measured ?? newestFirst[0]
}
