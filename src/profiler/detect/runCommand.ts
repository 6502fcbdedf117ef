import { execFile } from 'node:child_process'

/** What a tool of the system answered; never an exception, whatever became of the tool. */
export interface CommandAnswer {
  /** `missing`: no such command. `failed`: it ended with an error; its words are in the two texts. */
  readonly status: 'ok' | 'missing' | 'timedOut' | 'failed'
  readonly stdout: string
  readonly stderr: string
}

/** A tool that says more than this has gone mad. */
const maxOutputBytes = 1024 * 1024

/** Runs `command` in the C locale, so that numbers have points, and ends it after `timeoutMs`. */
export function runCommand(
  command: string,
  args: readonly string[],
  timeoutMs: number,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<CommandAnswer> {
  return new Promise((resolve) => {
    const options = {
      timeout: timeoutMs,
      killSignal: 'SIGKILL' as const, // a tool stuck in a driver hears nothing softer
      maxBuffer: maxOutputBytes,
      windowsHide: true,
      env: { ...environment, LC_ALL: 'C' },
    }
    execFile(command, [...args], options, (error, stdout, stderr) => {
      resolve({ status: statusOf(error), stdout, stderr })
    })
  })
}

function statusOf(error: (Error & { code?: unknown; killed?: boolean }) | null) {
  if (error === null) return 'ok'
  if (error.code === 'ENOENT') return 'missing'
  return error.killed === true && error.code === null ? 'timedOut' : 'failed'
}
