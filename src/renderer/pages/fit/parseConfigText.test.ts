import { describe, expect, it } from 'vitest'
import { parseConfigText } from './parseConfigText'

const small = {
  model_type: 'llama',
  hidden_size: 64,
  intermediate_size: 128,
  num_hidden_layers: 2,
  num_attention_heads: 4,
  vocab_size: 100,
}

describe('parseConfigText', () => {
  it('reads a config.json', () => {
    const { architecture, problem } = parseConfigText(JSON.stringify(small))
    expect(problem).toBeNull()
    expect(architecture).toMatchObject({ layerCount: 2, hiddenSize: 64 })
  })

  it.each([
    ['', /^this is not JSON/],
    ['{"hidden_size": 64,', /^this is not JSON: .*JSON/],
    ['[1]', /^the file is not an object/],
    ['{"model_type":"llama"}', /^hidden_size: is missing/],
    [JSON.stringify({ ...small, vocab_size: -1 }), /^vocab_size: -1 is not accepted: give/],
    [JSON.stringify({ ...small, num_hidden_layers: 1e9 }), /^num_hidden_layers: 1000000000 /],
    ['{"__proto__":{"hidden_size":8}}', /^hidden_size: is missing/],
    [' '.repeat(4 * 1024 * 1024 + 1), /characters are no config\.json/],
  ])('says in one line what is wrong with %.40s', (text, line) => {
    const { architecture, problem } = parseConfigText(text)
    expect(architecture).toBeNull()
    expect(problem).toMatch(line)
    expect(problem).not.toContain('\n')
  })
})
