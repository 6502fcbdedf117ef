import { plainText } from '../../core/report/plainText'
import { en } from '../../core/report/words/en'
import type { RunSummary } from '../../protocol/contract'
import type { Output } from '../terminal'
import { formatTable } from './table'

/** The stored runs, the newest first. */
export function historyText(runs: readonly RunSummary[], output: Output): string {
  const { bold, dim } = output.colours
  if (runs.length === 0) return `${bold('No runs yet.')}\nStart one: headroom run`
  const [newest] = runs
  const count = runs.length === 1 ? '1 run' : `${runs.length} runs`
  const columns = ['Run', 'Started', 'Network', 'Steps', 'Outcome', 'Provider', 'Device']
  return [
    bold(`${count}, the latest of ${localTime(newest!.startedAt)}.`),
    formatTable(
      columns.map((label) => ({ label })),
      runs.map((run) => row(run, output)),
      output,
    ),
    dim(
      'headroom show ID · headroom compare ID ID · headroom report ID; the end of an id is enough',
    ),
  ].join('\n\n')
}

function row(run: RunSummary, { colours }: Output): string[] {
  const said = en.outcome[run.outcome]
  const outcome = !run.intact
    ? colours.red(`damaged, do not trust (${said})`)
    : run.otherVersion
      ? colours.yellow(`of another version of Headroom (${said})`)
      : said
  return [
    run.id,
    localTime(run.startedAt),
    plainText(run.network),
    `${run.modes.join(',')} ${run.precisions.join(',')} (${run.completedStepCount}/${run.stepCount})`,
    outcome,
    plainText(run.provider),
    plainText(run.deviceName),
  ]
}

/** `2026-01-31 14:05`, in the time zone of whoever reads. */
export function localTime(iso: string): string {
  const date = new Date(iso)
  if (Number.isNaN(date.getTime())) return plainText(iso)
  const two = (value: number) => String(value).padStart(2, '0')
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join('-')
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}`
}
