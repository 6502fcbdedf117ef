import { comparePrecisions } from '../compare/comparePrecisions'
import type { RunRecord } from '../run/record'
import { describeFacts } from './describeFacts'
import { describeMemory } from './describeMemory'
import { describeSpeed } from './describeSpeed'
import { describeTraining } from './describeTraining'
import { describeVerdicts, describeWarnings } from './describeVerdicts'
import { networkName } from '../plan/networkName'
import { plainText } from './plainText'
import type { ReportSection, RunReport } from './runReport'
import { stepLabel } from './stepLabel'
import type { Words } from './words/en'
import { reportWords, type ReportLanguage } from './words/reportWords'

/**
 * What a report of `record` says, whatever its format. Pure, and a function of the record alone: the
 * exported HTML calls it again on figures recomputed from the raw samples, and compares.
 */
export function describeRun(record: RunRecord, language: ReportLanguage): RunReport {
  const words = reportWords(language)
  const comparison = comparePrecisions(record)
  const sections = [
    describeSpeed(comparison, words),
    describeMemory(record, words),
    describeTraining(record, words),
    describeOutcomes(record, words),
    describeNotes(record, words),
    describeMethod(record, words),
  ]
  return {
    language,
    title: words.reportTitle(networkName(record.workload), plainText(record.device.name)),
    verdicts: describeVerdicts(comparison, words),
    warnings: describeWarnings(record, words),
    facts: describeFacts(record, words),
    sections: sections.filter((section) => section !== null),
    footer: words.madeBy(plainText(record.host.headroomVersion)),
  }
}

function describeOutcomes(record: RunRecord, words: Words): ReportSection | null {
  const rows = record.steps
    .filter(({ outcome }) => outcome !== 'completed')
    .map((step) => [
      stepLabel(step, words),
      words.outcome[step.outcome],
      plainText(step.reason === undefined ? words.unknown : words.note(step.reason)),
    ])
  if (rows.length === 0) return null
  const { step, outcome, reason } = words.columns
  const columns = [step, outcome, reason].map((label) => ({ label, isFigure: false }))
  return section('outcomes', words, { tables: [{ columns, rows }] })
}

function describeNotes(record: RunRecord, words: Words): ReportSection | null {
  const paragraphs = record.steps.flatMap((step) =>
    [...step.notes, ...(step.latencyMs?.warnings ?? [])].map(
      (note) => `${stepLabel(step, words)}: ${plainText(words.note(note))}`,
    ),
  )
  return paragraphs.length === 0 ? null : section('notes', words, { paragraphs })
}

function describeMethod(record: RunRecord, words: Words): ReportSection {
  const { method } = words
  const runsPerSample = Math.max(...record.steps.map((step) => step.runsPerSample))
  const isOneProcess = record.steps.every(
    ({ samplesPerProcess }) => (samplesPerProcess?.length ?? 1) <= 1,
  )
  const sources = record.steps.flatMap(({ memory }) => memory.measured?.source ?? [])
  return section('method', words, {
    paragraphs: [
      method.latency,
      ...(runsPerSample > 1 ? [method.runsPerSample(runsPerSample)] : []),
      method.speed,
      method.memory,
      ...[...new Set(sources)].map(plainText),
      method.accuracy,
      ...(isOneProcess ? [method.oneProcess] : []),
    ],
  })
}

function section(
  id: ReportSection['id'],
  words: Words,
  content: Partial<ReportSection>,
): ReportSection {
  return {
    id,
    heading: words.sections[id],
    charts: [],
    tables: [],
    paragraphs: [],
    ...content,
  }
}
