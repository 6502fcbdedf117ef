import { type Command, Option } from 'commander'
import type { ExitCode } from './exitCodes'
import { flag } from './flag'
import { fitFlags, jobFlags } from './jobOptions'
import type { Terminal } from './terminal'

/** `estimate`: one job, or one a line. */
export function addEstimateCommand(
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

/** `fit`: one model, every method, many GPUs. */
export function addFitCommand(
  program: Command,
  terminal: Terminal,
  done: (code: ExitCode) => void,
): void {
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
