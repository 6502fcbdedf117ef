import { type Command, Option } from 'commander'
import { defaultWorkload } from '../core/plan/workload'
import { flag } from './flag'

/** What is run, and how: the flags that become a workload. */
export function addWorkloadOptions(command: Command): Command {
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
    .addOption(
      flag('--method <list>', 'any of full, lora, qlora, qlora-8bit', defaults.methods.join(',')),
    )
    .addOption(
      flag(
        '--rank <n>',
        'of the adapters of lora, qlora and qlora-8bit',
        String(defaults.adapterRank),
      ),
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
