import { describe, expect, it } from 'vitest'
import { InputError } from '../errors'
import { catalogue, findCatalogueModel } from './catalogue'
import { architectureFromConfig } from './huggingFaceConfig'
import { parameterCount } from './layerShape'

const countOf = (name: string): number =>
  parameterCount(architectureFromConfig(findCatalogueModel(name).config))

describe('the catalogue', () => {
  it('has at least 40 models of 0.1 to 700 billion parameters, dense and mixture-of-experts', () => {
    expect(catalogue.length).toBeGreaterThanOrEqual(40)
    expect(new Set(catalogue.map(({ id }) => id)).size).toBe(catalogue.length)
    const counts = catalogue.map(({ id }) => countOf(id))
    expect(Math.min(...counts)).toBeLessThan(0.15e9)
    expect(Math.max(...counts)).toBeGreaterThan(600e9)
    expect(Math.max(...counts)).toBeLessThan(700e9)
    const mixtures = catalogue.filter(
      ({ config }) => architectureFromConfig(config).experts !== null,
    )
    expect(mixtures.length).toBeGreaterThanOrEqual(5)
  })

  it.each(catalogue.map((model) => [model.id, model] as const))(
    'gives %s a known model_type, and the count on its row where it has one',
    (id, { config, parameterCount: stated }) => {
      const { assumptions } = architectureFromConfig(config)
      // How mxfp4 stores weights is not modelled, which is said.
      expect(assumptions.filter((line) => !line.includes('"mxfp4"'))).toEqual([])
      expect(countOf(id)).toBe(stated?.value ?? countOf(id))
    },
  )

  it.each([
    // As our reader counted them from the catalogue rows: these hold the count in place, no file of
    // the hub was summed.
    ['deepseek-v3', 671_026_419_200],
    ['mixtral-8x7b', 46_702_792_704],
    ['qwen3-235b-a22b', 235_093_634_560],
    ['qwen1.5-moe-a2.7b', 14_315_784_192],
    ['gemma-3-1b', 999_885_952],
    ['phi-4', 14_659_507_200],
    ['gemma-3-27b', 27_009_346_304],
    ['pythia-160m', 162_322_944],
    ['gpt2', 124_439_808],
  ])('still counts %s as it did', (id, count) => expect(countOf(id)).toBe(count))
})

describe('findCatalogueModel', () => {
  it.each(['llama-3.1-8b', 'meta-llama/Llama-3.1-8B', 'LLAMA-3.1-8B'])('knows %s', (name) =>
    expect(findCatalogueModel(name).id).toBe('llama-3.1-8b'),
  )

  it('names its neighbours where a model is not there', () => {
    expect(() => findCatalogueModel('qwen/qwen9-1T')).toThrow(InputError)
    expect(() => findCatalogueModel('qwen/qwen9-1T')).toThrow(/qwen3-0\.6b/)
    expect(() => findCatalogueModel('')).toThrow(/not in the catalogue/)
  })
})
