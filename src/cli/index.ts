import { version } from '../../package.json'
import { exitCodes } from './exitCodes'
import { createTerminal, type Terminal } from './terminal'

// The entry of `headroom`. It knows the version by itself, because programs ask for it often.

async function main(args: readonly string[], terminal: Terminal): Promise<number> {
  const [first] = args
  if (args.length === 1 && (first === '--version' || first === '-V')) {
    terminal.out.line(version)
    return exitCodes.ok
  }
  const { runProgram, usageLine, CommanderError } = await import('./program')
  try {
    return await runProgram(args, terminal)
  } catch (error) {
    if (error instanceof CommanderError) {
      const line = usageLine(error)
      if (line === null) return exitCodes.ok
      terminal.err.line(`headroom: ${line}`)
      return exitCodes.badInput
    }
    const { explainError } = await import('./explainError')
    const { code, text } = explainError(error)
    terminal.err.line(`headroom: ${text}`)
    return code
  }
}

void main(process.argv.slice(2), createTerminal()).then((code) => {
  // What is left running belongs to nobody now; buffered output is written before the end.
  process.exitCode = code
  process.stdout.write('', () => process.stderr.write('', () => process.exit()))
})
