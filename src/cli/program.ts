import { Command, CommanderError, Option } from 'commander'
import { version } from '../../package.json'
import { addEstimateCommand, addFitCommand } from './addEstimatorCommands'
import { addWorkloadOptions } from './addWorkloadOptions'
import { exitCodes, type ExitCode } from './exitCodes'
import { flag } from './flag'
import type { HostClient } from './hostClient'
import type { Terminal } from './terminal'

// What each command needs is loaded when it is called: `--version` and `--help` must not wait for it.

/** Runs the command that `args` name. @throws CommanderError for bad usage */
export async function runProgram(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  let code: ExitCode = exitCodes.ok
  const done = (result: ExitCode) => {
    code = result
  }
  const program = new Command('headroom')
    .description(
      'GPU profiler for ML engineers: what a model needs, what a GPU gives, and whether they fit',
    )
    .version(version, '-V, --version')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.out.write(text),
      // Errors are thrown and printed once, in one line, by whoever catches them.
      writeErr: () => {},
    })
  addCommands(program, terminal, done)
  if (args.length === 0) {
    terminal.err.write(program.helpInformation())
    return exitCodes.badInput
  }
  await program.parseAsync([...args], { from: 'user' })
  return code
}

function addCommands(program: Command, terminal: Terminal, done: (code: ExitCode) => void): void {
  const here = async (answer: (client: HostClient) => Promise<ExitCode>) =>
    (await import('./openHost')).answerHere(terminal.err, answer)
  const json = () => new Option('--json', 'print one JSON document instead')
  program
    .command('devices')
    .description('what there is to compute with; what cannot be used, why, and the way to it')
    .addOption(json())
    .action(async (options: { json?: boolean }) => {
      const { devices } = await import('./commands/devices')
      done(await here((client) => devices(client, terminal, options)))
    })

  program
    .command('doctor')
    .description('whether the GPU can be used, and if not the missing piece and its fix')
    .addOption(json())
    .action(async (options: { json?: boolean }) => {
      const { doctor } = await import('./commands/doctor')
      done(await here((client) => doctor(client, terminal, options)))
    })

  program
    .command('setup')
    .description('fetch what a provider needs into the data folder; the system is not touched')
    .command('cuda')
    .description(
      'the CUDA provider of this ONNX Runtime and the CUDA libraries it asks for, by pip or from a folder',
    )
    .option('--from <folder>', 'take the wheels from here instead (for machines without a network)')
    .option('--no-cudnn', 'leave out cuDNN, which only networks with convolutions need')
    .option('--no-reuse', 'fetch the CUDA libraries that this machine has already, too')
    .option('--dry-run', 'say what would be fetched, and fetch nothing')
    .option('--undo', 'remove all of it again')
    .addOption(json())
    .action(async (options: object) => {
      const { setupCuda } = await import('./commands/setup')
      done(await here((client) => setupCuda(client, terminal, options)))
    })

  addWorkloadOptions(
    program
      .command('run')
      .description('measure inference and training steps on real data, beside what theory says'),
  )
    .addOption(json())
    .action(async (options: object) => {
      const { run } = await import('./commands/run')
      done(await here((client) => run(client, terminal, options)))
    })

  addWorkloadOptions(
    program
      .command('largest')
      .description('the largest batch or longest sequence that really runs, beside the theory'),
  )
    .addOption(flag('--size <what>', 'batchSize or sequenceLength', 'batchSize'))
    .addOption(new Option('--memory-limit <size>', 'such as 2GiB; needed on a CPU'))
    .option('--frontier', 'the largest batch at each of a few sequence lengths')
    .addOption(
      new Option(
        '--sequence-lengths <list>',
        'for --frontier, such as 64,128,256 (default: around its own)',
      ),
    )
    .addOption(flag('--time-limit <seconds>', 'for --frontier: nothing is begun later', '120'))
    .addOption(json())
    .action(async (options: object) => {
      const { largest } = await import('./commands/largest')
      done(await here((client) => largest(client, terminal, options)))
    })

  addEstimateCommand(program, terminal, done)
  addFitCommand(program, terminal, done)

  program
    .command('monitor')
    .description('what each GPU does now: memory, clocks, power; until Ctrl+C')
    .addOption(flag('--period <seconds>', 'from one line to the next, from 0.1', '1'))
    .addOption(new Option('--count <n>', 'end after so many'))
    .addOption(new Option('--record <file>', 'write every sample into a new file as well'))
    .addOption(new Option('--replay <file>', 'tell what such a file holds instead'))
    .addOption(new Option('--json', 'print JSON Lines instead'))
    .action(async ({ replay: file, ...options }: { replay?: string; json?: boolean }) => {
      if (file !== undefined) {
        const { replay } = await import('./commands/replay')
        done(replay(terminal, { file, json: options.json === true }))
        return
      }
      const { monitor } = await import('./commands/monitor')
      done(await here((client) => monitor(client, terminal, options)))
    })

  program
    .command('history')
    .description('the stored runs')
    .addOption(json())
    .action(async (options: { json?: boolean }) => {
      const { history } = await import('./commands/history')
      done(await here((client) => history(client, terminal, options)))
    })

  program
    .command('show <id>')
    .description('one run: verdict, speed, memory, accuracy; "latest", or the end of an id')
    .addOption(json())
    .action(async (id: string, options: { json?: boolean }) => {
      const { show } = await import('./commands/show')
      done(await here((client) => show(client, terminal, { id, ...options })))
    })

  program
    .command('compare <a> <b>')
    .description('judge run b against run a; exit code 1 where it is worse')
    .addOption(json())
    .action(async (a: string, b: string, options: { json?: boolean }) => {
      const { compare } = await import('./commands/compare')
      done(await here((client) => compare(client, terminal, { a, b, ...options })))
    })

  program
    .command('report <id>')
    .description('write the report of a run into files')
    .addOption(flag('--format <list>', 'any of html, pdf, md, csv, json', 'html'))
    .addOption(flag('--out <dir>', 'folder for the files', '.'))
    .addOption(flag('--language <code>', 'en or zh-CN', 'en'))
    .action(async (id: string, options: object) => {
      const { report } = await import('./commands/report')
      done(await here((client) => report(client, terminal, { id, ...options })))
    })

  program
    .command('serve')
    .description('the same dashboard in a browser; prints its URL')
    .addOption(flag('--host <address>', 'address to listen at', '127.0.0.1'))
    .addOption(flag('--port <n>', '0 takes a free one', '0'))
    .option('--open', 'show it in the browser')
    .addOption(flag('--metrics <names>', 'headroom, or dcgm: DCGM-exporter’s too', 'headroom'))
    .action(async (options: object) => {
      const [{ serve }, { answerOthers }] = await Promise.all([
        import('./commands/serve'),
        import('./openHost'),
      ])
      done(await answerOthers(terminal.err, (profiler) => serve(profiler, terminal, options)))
    })
}

/** Bad usage in one line, or null where commander has only shown its help or version. */
export function usageLine(error: CommanderError): string | null {
  if (error.exitCode === 0) return null
  const [first = '', hint] = error.message.replace(/^error: /, '').split('\n')
  return hint ? `${first} ${hint}` : `${first}, see headroom --help`
}

export { CommanderError }
