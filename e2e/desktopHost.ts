import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { _electron, type ElectronApplication } from 'playwright/test'
import { errors } from 'playwright'
import { type Problems, watchForProblems } from './problems'

const testRuntime = resolve('.electron/electron')
const isRoot = process.getuid?.() === 0

/**
 * A start takes 2 s. It was seen once, on a busy machine, that Playwright attached to the process and
 * nothing followed; waiting longer did not help, another start did.
 */
const launchTimeoutMs = 60_000

export interface DesktopHost {
  readonly app: ElectronApplication
  readonly problems: Problems
}

/**
 * Starts the built application in Electron: the one that `npm test` prepares, through the
 * application that fills what it lacks, or else the one of the electron package.
 * @param dataFolder for the history and Chromium's own files
 */
export async function openDesktop(
  dataFolder: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<DesktopHost> {
  const isTestRuntime = existsSync(testRuntime)
  const launch = () =>
    _electron.launch({
      timeout: launchTimeoutMs,
      ...(isTestRuntime ? { executablePath: testRuntime } : {}),
      args: [
        ...(isRoot ? ['--no-sandbox'] : []), // Chromium's sandbox does not start as root
        '--disable-gpu',
        `--user-data-dir=${dataFolder}`,
        isTestRuntime ? resolve('test/electron-runtime/app') : '.',
      ],
      env: { ...definedEnvironment(), ...environment, HEADROOM_DATA: dataFolder },
    })
  const app = await launch().catch((error: unknown) => {
    if (!(error instanceof errors.TimeoutError)) throw error
    console.warn(`Electron did not answer Playwright within ${launchTimeoutMs} ms; once more`)
    return launch()
  })
  app.process().stderr?.pipe(process.stderr)
  return { app, problems: watchForProblems(app.context()) }
}

function definedEnvironment(): Record<string, string> {
  const entries = Object.entries(process.env).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  )
  return Object.fromEntries(entries)
}
