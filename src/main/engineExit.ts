import type { EngineExit } from '../profiler/engineProcess'

/** Signals that end a process by themselves, as Linux and macOS number them. */
const fatalSignals: Readonly<Record<number, string>> = {
  4: 'SIGILL',
  5: 'SIGTRAP',
  6: 'SIGABRT',
  8: 'SIGFPE',
  9: 'SIGKILL',
  11: 'SIGSEGV',
  15: 'SIGTERM',
}
const busErrors: Readonly<Partial<Record<NodeJS.Platform, number>>> = { linux: 7, darwin: 10 }

/**
 * How a utility process ended. Electron gives one number: the exit code, or what waitpid(2) says of
 * a signal, which is the signal's number, plus 128 where a core was dumped. The numbers overlap: our
 * engine ends by itself only with 0, with 1 (an exception) or with 64 and above, so a known signal is
 * taken for one.
 */
export function readExitCode(code: number, platform: NodeJS.Platform): EngineExit {
  const number = code > 128 ? code - 128 : code
  const signal = number === busErrors[platform] ? 'SIGBUS' : fatalSignals[number]
  return signal !== undefined && platform !== 'win32'
    ? { code: null, signal }
    : { code, signal: null }
}
