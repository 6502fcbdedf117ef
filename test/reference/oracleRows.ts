import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseJob, type TrainJob } from '../../src/core/estimate/job'

/** One recorded PyTorch step: the job, and the exact bytes of live tensors at its peak by category. */
export interface OracleRow {
  readonly id: string
  readonly family: string
  readonly layers: number
  readonly job: TrainJob
  readonly params: number
  readonly trainable: number
  readonly peak: Readonly<
    Record<'param' | 'buffer' | 'grad' | 'act' | 'temp' | 'opt' | 'oth' | 'total', number>
  >
}

const folder = join(import.meta.dirname, '../data/oracle')

function readConfigs(file: string): Readonly<Record<string, Readonly<Record<string, unknown>>>> {
  return JSON.parse(readFileSync(join(folder, file), 'utf8'))
}

const layerFields: Readonly<Record<string, readonly string[]>> = {
  gpt2: ['n_layer'],
  bloom: ['n_layer'],
  t5: ['num_layers', 'num_decoder_layers'],
  mt5: ['num_layers', 'num_decoder_layers'],
}

/** The fields of a family's config that say how deep it is: `_layers_field`, or by its type. */
function depthFields(config: Readonly<Record<string, unknown>>): readonly string[] {
  const stated = config['_layers_field']
  if (Array.isArray(stated)) return stated.map(String)
  if (typeof stated === 'string') return stated.split(' and ')
  return layerFields[String(config['model_type'])] ?? ['num_hidden_layers']
}

/** The rows of a file in the format of shared oracle.csv. */
export function readOracle(
  file = 'oracle.csv',
  ...architectures: readonly string[]
): readonly OracleRow[] {
  const files = architectures.length > 0 ? architectures : ['architectures.json']
  const configs = Object.assign({}, ...files.map(readConfigs)) as ReturnType<typeof readConfigs>
  const [header = '', ...lines] = readFileSync(join(folder, file), 'utf8').trim().split(/\r?\n/)
  const names = header.split(',')
  return lines.map((line) => {
    const cells = line.split(',')
    return toRow((name) => cells[names.indexOf(name)] ?? '', configs)
  })
}

function toRow(cell: (name: string) => string, configs: ReturnType<typeof readConfigs>): OracleRow {
  const family = cell('family')
  const layers = Number(cell('layers'))
  const known = Object.entries(configs[family] ?? {}).filter(([key]) => !key.startsWith('_'))
  const fields = depthFields(configs[family] ?? {})
  const config = {
    ...Object.fromEntries(known),
    ...Object.fromEntries(fields.map((field) => [field, layers])),
  }
  const rank = /^lora(\d+)$/.exec(cell('method'))?.[1]
  const job = parseJob({
    id: cell('id'),
    task: 'train',
    model: { config },
    method:
      rank === undefined
        ? { type: 'full' }
        : {
            type: 'lora',
            rank: Number(rank),
            adapterPrecision: cell('adapter_precision'),
            dropout: Number(cell('lora_dropout')),
          },
    precision: cell('precision'),
    optimizer: cell('optimizer'),
    batchSize: Number(cell('batch')),
    sequenceLength: Number(cell('seq')),
    checkpointing: cell('checkpointing') === 'True' ? 'layer' : 'none',
    attention: cell('attention'),
  })
  if (job.task !== 'train') throw new Error('an oracle row trains')
  const bytes = (name: string) => Number(cell(`peak_${name}`))
  return {
    id: cell('id'),
    family,
    layers,
    job,
    params: Number(cell('params')),
    trainable: Number(cell('trainable')),
    peak: {
      param: bytes('param'),
      buffer: bytes('buffer'),
      grad: bytes('grad'),
      act: bytes('act'),
      temp: bytes('temp'),
      opt: bytes('opt'),
      oth: bytes('oth'),
      total: bytes('total'),
    },
  }
}
