import { describe, expect, it } from 'vitest'
import { builtInGpus } from '../../core/builtInGpus'
import { InputError } from '../../core/errors'
import { explainEstimate } from '../../core/estimate/estimateMemory'
import { fitMethodIds } from '../../core/estimate/fitMethods'
import { fragmentationOf } from '../../core/estimate/fragmentation'
import { residualBands } from '../../core/estimate/intervals'
import { unmodelledTypes } from '../../core/models/unknownFamily'
import {
  defaultFitDraft,
  fitAttention,
  fitCheckpointing,
  type FitDraft,
  fitKvPrecisions,
  fitLosses,
  fitOptimizers,
  fitPrecisions,
  fitShardings,
} from '../pages/fit/fitDraft'
import { fitModels } from '../pages/fit/fitModels'
import { jobOfDraft } from '../pages/fit/jobOfDraft'
import { parseConfigText } from '../pages/fit/parseConfigText'
import { estimatorSentences } from './estimatorSentences'
import { createTranslator } from '../../core/report/words/translateSentence'

const translate = createTranslator(estimatorSentences)

/** Letters that no formula has: words of English, other than names and types. */
const hasWords = (text: string): boolean =>
  /[a-z]{4,}/.test(text.replaceAll(/\b(bnb|nf|fp|bf|int)\w*|\b[KMGTP]iB\b/g, ''))

const base = defaultFitDraft
/** Each choice of each field once. */
const drafts: readonly FitDraft[] = [
  base,
  ...fitPrecisions.map((precision) => ({ ...base, precision })),
  ...fitOptimizers.map((optimizer) => ({ ...base, optimizer })),
  ...fitCheckpointing.map((checkpointing) => ({ ...base, checkpointing })),
  ...fitAttention.map((attention) => ({ ...base, attention })),
  ...fitLosses.map((loss) => ({ ...base, loss })),
  ...fitKvPrecisions.map((kvPrecision) => ({ ...base, kvPrecision })),
  ...fitShardings.map((sharding) => ({ ...base, gpuCount: 4, sharding })),
]
/** One model of each type. */
const models = fitModels.filter(
  ({ resolved }, at) =>
    fitModels.findIndex(
      (other) => other.resolved.architecture?.modelType === resolved.architecture?.modelType,
    ) === at,
)

function sentencesOf(
  draft: FitDraft,
  method: (typeof fitMethodIds)[number],
  { id, resolved }: (typeof fitModels)[number],
  gpu: string,
): readonly string[] {
  try {
    const job = jobOfDraft(draft, method, { name: id })
    const answer = explainEstimate({ ...job, gpu }, { model: resolved, gpus: builtInGpus })
    const { estimate, explained } = answer
    return [
      ...estimate.assumptions,
      ...explained.flatMap(({ formula, substituted, source }) => [formula, substituted, source]),
      ...(estimate.time ? [estimate.time.rates.source] : []),
    ]
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    return [error.toLine()]
  }
}

const untranslated = (sentences: Iterable<string>): string[] =>
  [...new Set(sentences)].filter((text) => hasWords(text) && translate(text) === null)

describe('sentences of the estimator in Chinese', () => {
  it('has one for whatever the page Fit can be asked', () => {
    const sentences = models.flatMap((model) =>
      fitMethodIds.flatMap((method) =>
        drafts.flatMap((draft) => sentencesOf(draft, method, model, 't4')),
      ),
    )
    expect(untranslated(sentences)).toEqual([])
  })

  it('has one for what is assumed of each GPU', () => {
    const sentences = builtInGpus.flatMap(({ id }) => sentencesOf(base, 'lora', fitModels[0]!, id))
    expect(untranslated(sentences)).toEqual([])
  })

  it('has one for every source of an interval', () => {
    const sources = Object.values(residualBands).map(({ source }) => source)
    const job = jobOfDraft(base, 'lora', { name: fitModels[0]!.id })
    expect(untranslated([...sources, fragmentationOf(job).source])).toEqual([])
  })

  it('has one for each rule of another calculator', () => {
    const { id, resolved } = fitModels[0]!
    const job = { ...jobOfDraft(base, 'full', { name: id }), solve: true }
    const { otherCalculators } = explainEstimate(job, { model: resolved }).estimate
    const said = (otherCalculators ?? []).flatMap(({ name, source }) => [name, source])
    // A program is called what it is called.
    expect(untranslated(said)).toEqual(['accelerate estimate-memory'])
  })

  it('has one for why a type is not modelled, to its last word', () => {
    for (const [type, reason] of Object.entries(unmodelledTypes)) {
      const { problem } = parseConfigText(JSON.stringify({ model_type: type }))
      const said = translate(problem ?? '') ?? ''
      expect(said).toContain(type)
      expect(said).toContain(translate(reason))
      expect(said).not.toContain(reason)
    }
  })

  it.each([
    '{',
    '[]',
    '{"model_type":"llama"}',
    '{"model_type":"mamba","hidden_size":64}',
    '{"model_type":"llama","hidden_size":-1}',
  ])('says why it refuses %s', (text) => {
    const { problem } = parseConfigText(text)
    expect(translate(problem ?? '')).toMatch(/[\u4E00-\u9FFF]/)
  })

  it('keeps every figure of a sentence', () => {
    const places = (text: string) => (text.match(/{{\w+}}/g) ?? []).toSorted()
    const lost = estimatorSentences.filter(
      ([english, chinese]) => places(english).join() !== places(chinese).join(),
    )
    expect(lost).toEqual([])
  })
})
