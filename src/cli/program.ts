import { Command, CommanderError, Option } from 'commander'
import { version } from '../../package.json'
import { exitCodes, type ExitCode } from './exitCodes'
import type { HostClient } from './hostClient'
import { fitFlags, jobFlags } from './jobOptions'
import type { Terminal } from './terminal'
import { defaultWorkload } from '../core/plan/workload'

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

function addEstimateCommand(
  program: Command,
  terminal: Terminal,
  done: (code: ExitCode) => void,
): void {
  const collect = (value: string, before: readonly string[] = []) => [...before, value]
  const command = program
    .command('estimate')
    .description('what a model needs of a GPU, term by term; exit code 0 fits, 1 does not, 3 close')
    .option('--jobs <file>', 'one job per line (JSON), one estimate per line out; - is stdin')
    .option('--model <path|name>', modelHelp)
    .option('--params <n>', 'a bare number of parameters, such as 7e9: the textbook’s sum')
    .addOption(
      new Option(
        '--config <file>',
        'PEFT, DeepSpeed, axolotl or TrainingArguments file; may be repeated',
      ).argParser(collect),
    )
    .option('--task <name>', 'train (usual, unless the weights are stored quantized) or infer')
    .option(
      '--precision <list>',
      'any of bf16 (usual), fp32, fp16, amp-fp16, amp-bf16; int8 by the textbook',
    )
    .option('--gpu <id>', 'judge on this GPU, such as t4 or a100-80gb')
  for (const { flags, description } of jobFlags) command.option(flags, description)
  command
    .option('--solve', 'also the largest batch, the longest sequence, and what would help')
    .option('--explain', 'every term: symbol, numbers, result, source')
    .addOption(new Option('--json', 'print one JSON document instead'))
    .action(async (options: Readonly<Record<string, unknown>>) => {
      const { estimate } = await import('./commands/estimate')
      done(await estimate(terminal, options))
    })
}

function addFitCommand(program: Command, terminal: Terminal, done: (code: ExitCode) => void): void {
  const command = program
    .command('fit')
    .description('one model by every method on every GPU; exit code 0 where one of them fits')
    .option('--model <path|name>', modelHelp)
    .addOption(flag('--gpu <list>', 'ids, or local', 'those of this machine and eight usual ones'))
    .addOption(flag('--method <list>', `any of ${fitMethodHelp}`, 'all of them'))
    .addOption(flag('--batch <n>', 'sequences per step and GPU', '1'))
    .addOption(
      flag('--sequence-length <n>', 'tokens; in inference half prompt, half generated', '2048'),
    )
  for (const { flags, description } of fitFlags) command.option(flags, description)
  command
    .addOption(new Option('--json', 'print one JSON document instead'))
    .action(async (options: Readonly<Record<string, unknown>>) => {
      const { fit } = await import('./commands/fit')
      done(await fit(terminal, options))
    })
}

const fitMethodHelp = 'infer-nf4, infer-int8, infer, qlora, lora-int8, lora, full, full-amp'
const modelHelp = 'config.json, model folder, .safetensors, .gguf, .onnx, or a name'

/** What is run, and how: the flags that become a workload. */
function addWorkloadOptions(command: Command): Command {
  const { modes, precisions, ...defaults } = defaultWorkload
  return command
    .addOption(
      flag(
        '--preset <name>',
        'digits-mlp, digits-cnn, gpt-nano, gpt-mini or gpt-small',
        'digits-mlp',
      ),
    )
    .addOption(new Option('--model <path>', 'a config.json or model folder of your own instead'))
    .addOption(new Option('--layers <n>', 'only so many of its layers; predicts the rest'))
    .addOption(flag('--mode <list>', 'infer, train, or both', modes.join(',')))
    .addOption(flag('--precision <list>', 'any of fp32, fp16, bf16, int8', precisions.join(',')))
    .addOption(flag('--provider <name>', 'execution provider', defaults.provider))
    .addOption(
      flag(
        '--optimizer <list>',
        'any of sgd, momentum, adam, adamw, adamw-8bit',
        defaults.optimizers.join(','),
      ),
    )
    .addOption(flag('--method <list>', 'any of full, lora, qlora', defaults.methods.join(',')))
    .addOption(
      flag('--rank <n>', 'of the adapters of lora and qlora', String(defaults.adapterRank)),
    )
    .addOption(flag('--accumulation <n>', 'micro-batches per optimizer step', '1'))
    .addOption(flag('--checkpointing <what>', 'none, or layer: compute it again', 'none'))
    .addOption(flag('--batch <n>', 'samples per step', "the network's own"))
    .addOption(flag('--sequence-length <n>', 'tokens per sample of a gpt', "the network's own"))
    .addOption(flag('--steps <n>', 'optimizer steps of a gpt', "the network's own"))
    .addOption(flag('--learning-rate <x>', 'the highest of the training', "the network's own"))
    .addOption(flag('--profile <name>', 'quick, standard or audit: how long', defaults.profile))
    .addOption(
      flag('--seed <n>', 'of training and of the order of the data', String(defaults.seed)),
    )
}

/** An option that says its default in the help and leaves judging its value to the command. */
function flag(flags: string, description: string, usual: string): Option {
  return new Option(flags, `${description} (default: ${usual})`)
}

/** Bad usage in one line, or null where commander has only shown its help or version. */
export function usageLine(error: CommanderError): string | null {
  if (error.exitCode === 0) return null
  const [first = '', hint] = error.message.replace(/^error: /, '').split('\n')
  return hint ? `${first} ${hint}` : `${first}, see headroom --help`
}

export { CommanderError }
