import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'

/** As a person's shell has it: the test runner asks for colours by a variable. */
const plainEnvironment = { ...process.env, FORCE_COLOR: '0' }

export interface CommandResult {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs `headroom …` as a shell would and waits for its end. */
export function runHeadroom(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<CommandResult> {
  return new Promise((resolve) => {
    const options = { env: { ...plainEnvironment, ...environment }, maxBuffer: 64 * 1024 * 1024 }
    const command = execFile(
      process.execPath,
      ['bin/headroom.cjs', ...args],
      options,
      (_error, stdout, stderr) => resolve({ code: command.exitCode ?? -1, stdout, stderr }),
    )
  })
}

/**
 * Runs `headroom …` and presses Ctrl+C once its stderr matches `when`: like a terminal, it sends the
 * signal to the whole process group.
 */
export async function interruptHeadroom(
  args: readonly string[],
  when: RegExp,
  environment: Readonly<Record<string, string>>,
): Promise<CommandResult> {
  const command = spawn(process.execPath, ['bin/headroom.cjs', ...args], {
    env: { ...plainEnvironment, ...environment },
    detached: true, // a group of its own, without this test in it
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const text = { stdout: '', stderr: '' }
  let isInterrupted = false
  command.stdout.setEncoding('utf8').on('data', (chunk: string) => (text.stdout += chunk))
  command.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    text.stderr += chunk
    if (isInterrupted || !when.test(text.stderr) || command.pid === undefined) return
    isInterrupted = true
    process.kill(-command.pid, 'SIGINT')
  })
  const [code] = (await once(command, 'close')) as [number | null]
  return { code: code ?? -1, ...text }
}
