import type { SentencePair } from '../../core/report/words/translateSentence'
import { checkSentences } from './checkSentences'
import { providerSentences } from './providerSentences'

/** What the page Devices is told in English, in Chinese; more particular patterns come first. */
export const deviceSentences: readonly SentencePair[] = [...checkSentences, ...providerSentences]
