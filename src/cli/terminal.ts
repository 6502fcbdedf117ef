import { once } from 'node:events'
import { createColors } from 'picocolors'

/** Where a command writes: results to `out`, everything else (progress, errors) to `err`. */
export interface Terminal {
  readonly out: Output
  readonly err: Output
}

export interface Output {
  readonly colours: ReturnType<typeof createColors>
  /** Whether somebody watches: only then may a line be written over. */
  readonly isInteractive: boolean
  /** Width in characters; 100 where nobody watches. */
  readonly columns: () => number
  /** Writes `text` as it is. */
  readonly write: (text: string) => void
  /** Writes `text` and a line break. */
  readonly line: (text?: string) => void
  /** Resolves when whoever reads has kept up, so that a long answer does not pile up in memory. */
  readonly drained: () => Promise<void>
}

const widthWithoutTerminal = 100

export function createTerminal(): Terminal {
  return { out: outputTo(process.stdout), err: outputTo(process.stderr) }
}

function outputTo(stream: NodeJS.WriteStream): Output {
  // Whoever reads may leave early (`headroom history | head`): then there is nothing more to say.
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    process.exit()
  })
  const isInteractive = stream.isTTY && process.env.TERM !== 'dumb'
  return {
    colours: createColors(wantsColours(isInteractive, process.env)),
    isInteractive,
    columns: () => (isInteractive && stream.columns) || widthWithoutTerminal,
    write: (text) => void stream.write(text),
    line: (text = '') => void stream.write(`${text}\n`),
    drained: async () => {
      if (stream.writableNeedDrain) await once(stream, 'drain')
    },
  }
}

/** no-color.org: NO_COLOR decides wherever it is set; FORCE_COLOR colours what is piped. */
export function wantsColours(isInteractive: boolean, environment: NodeJS.ProcessEnv): boolean {
  if (environment.NO_COLOR) return false
  return isInteractive || Boolean(environment.FORCE_COLOR && environment.FORCE_COLOR !== '0')
}
