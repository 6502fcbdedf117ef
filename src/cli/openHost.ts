import { createRouterClient } from '@orpc/server'
import { join } from 'node:path'
import { version } from '../../package.json'
import { defaultDataFolder } from '../profiler/dataFolder'
import { launchWithNode } from '../profiler/engineProcess'
import { createProfiler, type Profiler } from '../profiler/profiler'
import type { ExitCode } from './exitCodes'
import type { HostClient } from './hostClient'
import type { Output } from './terminal'

const here = import.meta.dirname // out/main

/** The application behind a terminal, or behind the server that a terminal started. */
function openProfiler(host: 'terminal' | 'web', err: Output): Profiler {
  return createProfiler({
    host,
    version,
    dataFolder: defaultDataFolder(),
    resourcesFolder: join(here, '../../resources'),
    engineEntry: join(here, 'engine.cjs'),
    monitorEntry: join(here, 'monitor.cjs'),
    launchEngine: launchWithNode,
    warn: (line) => err.line(`! ${line}`),
  })
}

/** Answers by the application's procedures, called within this process, and ends it in good order. */
export async function answerHere(
  err: Output,
  answer: (client: HostClient) => Promise<ExitCode>,
): Promise<ExitCode> {
  const profiler = openProfiler('terminal', err)
  try {
    return await answer(createRouterClient(profiler.router))
  } finally {
    await profiler.close()
  }
}

/** Answers by serving the application to others, until `serve` resolves. */
export async function answerOthers(
  err: Output,
  serve: (profiler: Profiler) => Promise<ExitCode>,
): Promise<ExitCode> {
  const profiler = openProfiler('web', err)
  try {
    return await serve(profiler)
  } finally {
    await profiler.close()
  }
}
