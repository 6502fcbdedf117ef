import { utilityProcess } from 'electron'
import { keepTail, type EngineExit, type LaunchEngine } from '../profiler/engineProcess'
import { readExitCode } from './engineExit'

/** The launcher of the desktop host: Electron's own child processes, which need no Node.js installed. */
export const launchWithElectron: LaunchEngine = (entry, environment) => {
  const child = utilityProcess.fork(entry, [], {
    serviceName: 'Headroom engine',
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...environment },
  })
  let isRunning = true
  const exited = new Promise<EngineExit>((resolve) => {
    child.once('exit', (code) => {
      isRunning = false
      resolve(readExitCode(code, process.platform))
    })
  })
  const spawned = new Promise<number | null>((resolve) => {
    child.once('spawn', () => resolve(child.pid ?? null))
    void exited.then(() => resolve(null))
  })
  return {
    port: {
      on: (event, callback) => {
        if (event === 'message') child.on('message', (data: unknown) => callback({ data }))
        if (event === 'close') void exited.then(() => callback())
      },
      postMessage: (data) => {
        if (isRunning) child.postMessage(data)
      },
    },
    get pid() {
      return child.pid ?? null
    },
    spawned,
    exited,
    stderrTail: keepTail(child.stderr),
    // Electron's own kill() is a SIGTERM, which a thread inside ONNX Runtime never hears.
    kill: () => void spawned.then((pid) => isRunning && kill(pid)),
  }
}

function kill(pid: number | null): void {
  if (pid === null) return
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    // It ended by itself between the question and the answer.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
