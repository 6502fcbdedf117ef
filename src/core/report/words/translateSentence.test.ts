import { expect, it } from 'vitest'
import { createTranslator } from './translateSentence'

const translate = createTranslator([
  ['weights', '权重'],
  ['{{count}} GPUs of {{what}}', '{{what}}的 {{count}} 张 GPU'],
  ['a.b (c)', '甲'],
  ['x {{y}}', '乙 {{y}}'],
])

it('knows whole sentences, and sentences with places', () => {
  expect(translate('weights')).toBe('权重')
  expect(translate('4 GPUs of a pod')).toBe('a pod的 4 张 GPU')
})

it('translates what fills a place where that is a sentence', () => {
  expect(translate('4 GPUs of weights')).toBe('权重的 4 张 GPU')
})

it('translates a list part by part, and leaves what it does not know', () => {
  expect(translate('weights; torch.cat')).toBe('权重；torch.cat')
  expect(translate('torch.cat; torch.add')).toBeNull()
})

it('takes letters for themselves, and knows nothing of a part of a sentence', () => {
  expect(translate('a.b (c)')).toBe('甲')
  expect(translate('axb (c)')).toBeNull()
  expect(translate('all weights')).toBeNull()
})

it('puts in what looks like a pattern as it is', () => {
  expect(translate("x $& $1 {{y}} $'")).toBe("乙 $& $1 {{y}} $'")
})
