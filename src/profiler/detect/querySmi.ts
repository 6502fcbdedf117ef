import { runCommand, type CommandAnswer } from './runCommand'

/** A healthy driver answers in about 0.1 s, one that has to be woken up in one. */
const timeoutMs = 2000

/**
 * Asks `nvidia-smi --query-gpu` for `fields`, again without each that it does not know: one that is
 * older than a field refuses the whole query and names one field at a time.
 */
export async function querySmi(
  command: string,
  fields: readonly string[],
): Promise<CommandAnswer & { readonly asked: readonly string[] }> {
  let asked = fields
  for (;;) {
    const query = `--query-gpu=${asked.join(',')}`
    const answer = await runCommand(command, [query, '--format=csv'], timeoutMs)
    const unknown = unknownField(answer.stdout + answer.stderr)
    if (answer.status !== 'failed' || unknown === null || !asked.includes(unknown))
      return { ...answer, asked }
    asked = asked.filter((field) => field !== unknown)
  }
}

function unknownField(text: string): string | null {
  return /Field "([\w.]+)" is not a valid field/.exec(text)?.[1] ?? null
}
