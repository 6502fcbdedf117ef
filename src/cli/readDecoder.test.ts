import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { readDecoder } from './workloadOptions'

const folder = join(mkdtempSync(join(tmpdir(), 'headroom-decoder-')), 'my-llama')
const config = {
  model_type: 'llama',
  vocab_size: 256,
  hidden_size: 32,
  intermediate_size: 64,
  num_hidden_layers: 4,
  num_attention_heads: 2,
}
beforeAll(() => {
  mkdirSync(folder)
  for (const name of ['config.json', 'tuned.json'])
    writeFileSync(join(folder, name), JSON.stringify(config))
})
afterAll(() => rmSync(join(folder, '..'), { recursive: true }))

it.each([
  ['a folder by its own name', folder, 'my-llama'],
  ['a config.json by its folder’s', join(folder, 'config.json'), 'my-llama'],
  ['any other file by its own', join(folder, 'tuned.json'), 'tuned'],
])('calls %s', async (_what, model, name) => {
  const decoder = await readDecoder({ model, layers: '2' })
  expect(decoder?.config.name).toBe(name)
})

it('refuses a number of layers that there is nothing to cut from, or that is none', async () => {
  await expect(readDecoder({ layers: '2' })).rejects.toThrow('it cuts a --model config.json')
  await expect(readDecoder({ model: folder, layers: '0' })).rejects.toThrow('whole number from 1')
  await expect(readDecoder({ model: folder, layers: '5' })).rejects.toThrow('4 layers')
})
