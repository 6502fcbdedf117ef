import { finalTop1, finalValidationLoss } from '../compare/comparePrecisions'
import { toCsv, type CsvValue } from '../csv'
import { memoryTermNames } from '../estimate/memoryTerms'
import type { RunRecord, Step } from '../run/record'
import { plainText } from './plainText'

type Column = readonly [name: string, read: (step: Step, record: RunRecord) => CsvValue | undefined]

/** Names and units as in the record, the same in every language: the file is read by programs. */
const columns: readonly Column[] = [
  ['runId', (_step, { id }) => id],
  ['startedAt', (_step, { startedAt }) => startedAt],
  ['device', (_step, { device }) => device.name],
  ['network', ({ network }) => network.name],
  ['parameterCount', ({ network }) => network.parameterCount],
  ['mode', ({ mode }) => mode],
  ['precision', ({ precision }) => precision],
  ['computePrecision', ({ computePrecision }) => computePrecision],
  ['int8Mode', ({ int8Mode }) => int8Mode],
  ['batchSize', ({ batchSize }) => batchSize],
  ['sequenceLength', ({ sequenceLength }) => sequenceLength],
  ['gradientAccumulationSteps', (step) => step.gradientAccumulationSteps],
  ['optimizer', ({ optimizer }) => optimizer],
  ['method', ({ method }) => method],
  ['outcome', ({ outcome }) => outcome],
  ['reason', ({ reason }) => reason],
  ['requestedProvider', ({ executionProvider }) => executionProvider.requested],
  ['actualProvider', ({ executionProvider }) => executionProvider.actual],
  ['latencyMedianMs', ({ latencyMs }) => latencyMs?.median],
  ['latencyCiLowMs', ({ latencyMs }) => latencyMs?.ciLow],
  ['latencyCiHighMs', ({ latencyMs }) => latencyMs?.ciHigh],
  ['latencyP90Ms', ({ latencyMs }) => latencyMs?.p90],
  ['latencyP99Ms', ({ latencyMs }) => latencyMs?.p99],
  ['sampleCount', ({ latencyMs }) => latencyMs?.sampleCount],
  ['runsPerSample', ({ runsPerSample }) => runsPerSample],
  ['throughputPerSecond', ({ throughputPerSecond }) => throughputPerSecond],
  ['tokensPerSecond', ({ tokensPerSecond }) => tokensPerSecond],
  ['flopsPerStep', ({ flopsPerStep }) => flopsPerStep],
  ['flopsPerSecond', ({ flopsPerSecond }) => flopsPerSecond],
  ['peakFlopsPerSecond', ({ devicePeak }) => devicePeak?.flopsPerSecond],
  ['peakBytesPerSecond', ({ devicePeak }) => devicePeak?.bytesPerSecond],
  ['fractionOfPeak', ({ fractionOfPeak }) => fractionOfPeak],
  ['unrolledStepMs', ({ unrolledStep }) => unrolledStep?.latencyMs],
  ['unrolledStepLowMs', ({ unrolledStep }) => unrolledStep?.lowMs],
  ['unrolledStepHighMs', ({ unrolledStep }) => unrolledStep?.highMs],
  ['unrolledTokensPerSecond', ({ unrolledStep }) => unrolledStep?.tokensPerSecond],
  ['unrolledFractionOfPeak', ({ unrolledStep }) => unrolledStep?.fractionOfPeak],
  ['fullDepthLayers', ({ fullDepth }) => fullDepth?.layerCount],
  ['fullDepthLatencyMs', ({ fullDepth }) => fullDepth?.latencyMs],
  ['fullDepthLowMs', ({ fullDepth }) => fullDepth?.lowMs],
  ['fullDepthHighMs', ({ fullDepth }) => fullDepth?.highMs],
  ...memoryTermNames.map((name): Column => [name, ({ memory }) => memory.theory?.terms[name]]),
  ['theoryPeakBytes', ({ memory }) => memory.theory?.peakBytes],
  ['allocatedPeakBytes', ({ memory }) => memory.measured?.allocatedPeakBytes],
  ['reservedPeakBytes', ({ memory }) => memory.measured?.reservedPeakBytes],
  ['devicePeakBytes', ({ memory }) => memory.measured?.devicePeakBytes],
  ['baselineBytes', ({ memory }) => memory.measured?.baselineBytes],
  ['unexplainedBytes', ({ memory }) => memory.unexplainedBytes],
  ['arenaSlackBytes', ({ memory }) => memory.arenaSlackBytes],
  ['contextBytes', ({ memory }) => memory.contextBytes],
  ['top1', finalTop1],
  ['top1Fp32', ({ accuracy }) => accuracy?.top1Fp32],
  ['agreementWithFp32', ({ accuracy }) => accuracy?.agreementWithFp32],
  ['cosineSimilarity', ({ accuracy }) => accuracy?.cosineSimilarity],
  ['sqnrDb', ({ accuracy }) => accuracy?.sqnrDb],
  ['validationLoss', finalValidationLoss],
  ['perplexity', ({ accuracy }) => accuracy?.perplexity],
  ['finalLoss', ({ loss }) => loss?.at(-1)],
]

/** A header and one row for each step: figures unrounded, in the record's units. */
export function reportCsv(record: RunRecord): string {
  const rows = record.steps.map((step) => columns.map(([, read]) => plain(read(step, record))))
  return toCsv([columns.map(([name]) => name), ...rows])
}

function plain(value: CsvValue | undefined): CsvValue {
  return typeof value === 'string' ? plainText(value) : (value ?? null)
}
