import { useTranslation } from 'react-i18next'
import { acceptableLossPoints } from '../../../core/compare/comparePrecisions'
import { formatPercent, formatPoints, optionalFigure } from '../../../core/report/figures'
import type { QuantizationAccuracy } from '../../../protocol/quantization'
import { errorLine } from '../../components/errorLine'
import { Verdict } from '../../components/Verdict'

interface AccuracyVerdictProps {
  /** Of the last thresholds that were run; undefined before the first. */
  readonly accuracy: QuantizationAccuracy | undefined
  readonly error: unknown
  /** Whether the thresholds have moved on since. */
  readonly isRecomputing: boolean
  readonly dataset: string
}

/** What the network loses with the chosen thresholds. */
export function AccuracyVerdict({ accuracy, error, isRecomputing, dataset }: AccuracyVerdictProps) {
  const { t } = useTranslation(['quantization', 'common'])
  if (error)
    return (
      <Verdict tone="bad" detail={errorLine(error)}>
        {t('common:error.title')}
      </Verdict>
    )
  if (!accuracy || isRecomputing)
    return (
      <Verdict tone="neutral" detail={accuracy && <Detail accuracy={accuracy} dataset={dataset} />}>
        {t('verdict.recomputing')}
      </Verdict>
    )
  const lossPoints = 100 * (accuracy.top1Fp32 - accuracy.top1)
  const points = formatPoints(Math.abs(lossPoints))
  const top1 = formatPercent(accuracy.top1)
  return (
    <Verdict
      tone={lossPoints <= acceptableLossPoints ? 'good' : 'bad'}
      detail={<Detail accuracy={accuracy} dataset={dataset} />}
    >
      {points === '0'
        ? t('verdict.keeps', { top1 })
        : lossPoints > 0
          ? t('verdict.loses', { top1, points })
          : t('verdict.gains', { top1, points })}
    </Verdict>
  )
}

interface DetailProps {
  readonly accuracy: QuantizationAccuracy
  readonly dataset: string
}

function Detail({ accuracy, dataset }: DetailProps) {
  const { t } = useTranslation('quantization')
  return t('verdict.detail', {
    agreement: formatPercent(accuracy.agreementWithFp32),
    cosine: accuracy.cosineSimilarity.toFixed(4),
    sqnr: optionalFigure(accuracy.sqnrDb, (value) => value.toFixed(1)),
    count: accuracy.testCount,
    dataset,
    mode: accuracy.int8Mode,
  })
}
