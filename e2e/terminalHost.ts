import { execFile } from 'node:child_process'

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
    const options = { env: { ...process.env, ...environment }, maxBuffer: 64 * 1024 * 1024 }
    const command = execFile(
      process.execPath,
      ['bin/headroom.cjs', ...args],
      options,
      (_error, stdout, stderr) => resolve({ code: command.exitCode ?? -1, stdout, stderr }),
    )
  })
}
