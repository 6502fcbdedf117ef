import { open, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * Writes a Hugging Face model folder whose shards have real headers and no data: the files are as
 * long as the real ones and take no space (sparse), because only headers are ever read.
 */

export interface LlamaShape {
  readonly hidden_size: number
  readonly intermediate_size: number
  readonly num_hidden_layers: number
  readonly num_attention_heads: number
  readonly num_key_value_heads: number
  readonly vocab_size: number
}

/** meta-llama/Llama-3.1-70B: 723 tensors in 30 shards, 141 GB. */
export const llama70b: LlamaShape = {
  hidden_size: 8192,
  intermediate_size: 28_672,
  num_hidden_layers: 80,
  num_attention_heads: 64,
  num_key_value_heads: 8,
  vocab_size: 128_256,
}

const bytesPerElement = 2

export async function writeShardedLlama(
  folder: string,
  shape: LlamaShape,
  shardCount: number,
): Promise<void> {
  await writeFile(join(folder, 'config.json'), JSON.stringify({ model_type: 'llama', ...shape }))
  const tensors = tensorsOf(shape)
  const perShard = Math.ceil(tensors.length / shardCount)
  const weightMap: Record<string, string> = {}
  for (let shard = 0; shard < shardCount; shard += 1) {
    const part = tensors.slice(shard * perShard, (shard + 1) * perShard)
    const number = (value: number) => String(value).padStart(5, '0')
    const name = `model-${number(shard + 1)}-of-${number(shardCount)}.safetensors`
    for (const [tensor] of part) weightMap[tensor] = name
    await writeShard(join(folder, name), part)
  }
  const index = { metadata: {}, weight_map: weightMap }
  await writeFile(join(folder, 'model.safetensors.index.json'), JSON.stringify(index))
}

type NamedShape = readonly [name: string, shape: readonly number[]]

function tensorsOf(s: LlamaShape): NamedShape[] {
  const { hidden_size: h, intermediate_size: i } = s
  const kv = (s.num_key_value_heads * h) / s.num_attention_heads
  const layer = (index: number): NamedShape[] => {
    const name = (rest: string) => `model.layers.${index}.${rest}.weight`
    return [
      [name('input_layernorm'), [h]],
      [name('self_attn.q_proj'), [h, h]],
      [name('self_attn.k_proj'), [kv, h]],
      [name('self_attn.v_proj'), [kv, h]],
      [name('self_attn.o_proj'), [h, h]],
      [name('post_attention_layernorm'), [h]],
      [name('mlp.gate_proj'), [i, h]],
      [name('mlp.up_proj'), [i, h]],
      [name('mlp.down_proj'), [h, i]],
    ]
  }
  return [
    ['model.embed_tokens.weight', [s.vocab_size, h]],
    ...Array.from({ length: s.num_hidden_layers }, (_, index) => layer(index)).flat(),
    ['model.norm.weight', [h]],
    ['lm_head.weight', [s.vocab_size, h]],
  ]
}

async function writeShard(path: string, tensors: readonly NamedShape[]): Promise<void> {
  const header: Record<string, unknown> = { __metadata__: { format: 'pt' } }
  let end = 0
  for (const [name, shape] of tensors) {
    const begin = end
    end += shape.reduce((product, size) => product * size, bytesPerElement)
    header[name] = { dtype: 'BF16', shape, data_offsets: [begin, end] }
  }
  const json = Buffer.from(JSON.stringify(header))
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(json.length))
  const handle = await open(path, 'w')
  try {
    await handle.write(Buffer.concat([length, json]))
    await handle.truncate(8 + json.length + end)
  } finally {
    await handle.close()
  }
}
