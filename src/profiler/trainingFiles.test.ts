import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { InputError } from '../core/errors'
import { readTrainingFile } from './trainingFiles'

let root: string
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'headroom-training-'))
})
afterAll(() => rm(root, { recursive: true }))

async function fileAt(name: string, content: string | Uint8Array | object): Promise<string> {
  const path = join(root, name)
  const isRaw = typeof content === 'string' || content instanceof Uint8Array
  await writeFile(path, isRaw ? content : JSON.stringify(content))
  return path
}

const refusalOf = async (path: string): Promise<string> => {
  const error: unknown = await readTrainingFile(path).catch((reason: unknown) => reason)
  if (!(error instanceof InputError)) throw new Error(`not refused by name: ${String(error)}`)
  return error.toLine()
}

describe('readTrainingFile', () => {
  it.each([
    ['a.json', { peft_type: 'LORA', r: 4, target_modules: ['q_proj'] }, 'peft'],
    ['d.json', { zero_optimization: { stage: 3 } }, 'deepspeed'],
    ['t.json', { per_device_train_batch_size: 2, bf16: true }, 'trainingArguments'],
    ['x.yml', 'base_model: m\nmicro_batch_size: 2\n', 'axolotl'],
    ['x.json', { base_model: 'm', micro_batch_size: 2 }, 'axolotl'],
  ])('knows %s by its fields', async (name, content, kind) => {
    expect(await readTrainingFile(await fileAt(name, content))).toMatchObject({ kind, file: name })
  })

  it('follows the arguments to the DeepSpeed file beside them, and no further', async () => {
    await fileAt('zero.json', { zero_optimization: { stage: 2 } })
    const path = await fileAt('with.json', { optim: 'sgd', deepspeed: 'zero.json' })
    expect((await readTrainingFile(path)).fragment.job).toMatchObject({ sharding: 'zero2' })
    await symlink('/etc/hostname', join(root, 'link.json'))
    for (const outside of ['../zero.json', '/etc/hostname', 'link.json']) {
      const bad = await fileAt('bad.json', { optim: 'sgd', deepspeed: outside })
      expect(await refusalOf(bad)).toMatch(/leaves the model's folder|is not there/)
    }
  })

  it.each([
    ['model.json', { model_type: 'llama' }, /give it as --model/],
    ['other.json', { colour: 'red' }, /is none of PEFT/],
    ['list.json', '[1]', /is not a JSON object/],
    ['cut.json', '{"peft_type": "LO', /cut\.json: is not JSON/],
    ['deep.json', `{"a":${'['.repeat(99)}`, /nested deeper than 32/],
    ['args.bin', new Uint8Array([0x80, 4, 0x95, 0xff]), /pickle and never opened/],
    ['bad.yml', 'a: [1', /is not YAML/],
    ['rank.json', { peft_type: 'LORA', r: -1 }, /^rank\.json: r: -1: give a whole number/],
  ])('refuses %s in one line', async (name, content, line) => {
    const text = await refusalOf(await fileAt(name, content))
    expect(text).toMatch(line)
    expect(text).not.toContain('\n')
  })

  it('refuses what is no configuration by its size', async () => {
    expect(await refusalOf(await fileAt('big.json', new Uint8Array(1_000_001)))).toMatch(
      /has 1000001 bytes/,
    )
  })
})
