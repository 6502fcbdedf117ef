import { Anchor } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Estimate } from '../../../core/estimate/estimate'
import { smallestGpu } from '../../../core/estimate/gpuFit'
import { formatBytes, formatDuration, formatSignificant } from '../../../core/units'
import { VerdictBadge } from '../../components/VerdictBadge'
import classes from './CellDetails.module.css'
import { fitMethods } from '../../../core/estimate/fitMethods'
import type { FitDraft } from './fitDraft'
import { useFitDraft } from './fitDraftStore'
import type { FitGpu } from './fitGpus'
import { formatParameters } from './fitModels'
import { isOpen } from './fitVerdict'
import { signedGiB } from './heatCell'
import type { Solved } from './useSolved'

interface KeyFiguresProps {
  readonly estimate: Estimate
  readonly solved: Solved
  readonly gpus: readonly FitGpu[]
  readonly draft: FitDraft
}

/** What one would ask next, each in one line. */
export function KeyFigures({ estimate, solved, gpus, draft }: KeyFiguresProps) {
  const { t } = useTranslation(['fit', 'common'])
  const { intervalBytes, totalPeakBytes, time } = estimate
  const { trainableParameterCount } = estimate
  const usable = estimate.gpu?.usableBytes ?? null
  const isTraining = fitMethods[draft.method].task === 'train'
  const smallest = smallestGpu(
    estimate,
    gpus.map(({ spec }) => spec),
  )
  const largest = (value: number | null | undefined) =>
    value === null || value === undefined || solved.isStale
      ? '—'
      : value === 0
        ? t('figures.none')
        : String(value)
  const range = (low: number, high: number, format: (value: number) => string) =>
    t('figures.interval', { low: format(low), high: format(high) })
  const rangeOf = ([low, high]: Estimate['intervalBytes']) =>
    isOpen(intervalBytes)
      ? t('figures.interval', { low: formatBytes(low), high: '∞' })
      : range(low, high, formatBytes)
  return (
    <dl className={classes.figures}>
      <Figure label={t('figures.needs')} note={rangeOf(intervalBytes)}>
        {formatBytes(totalPeakBytes)}
      </Figure>
      <Figure label={t('figures.usable')}>{formatBytes(usable)}</Figure>
      <Figure label={t('figures.headroom')}>
        {usable === null ? t('common:unknown') : `${signedGiB(usable - totalPeakBytes)} GiB`}{' '}
        <VerdictBadge verdict={estimate.verdict} />
      </Figure>
      <hr aria-hidden />
      <Figure
        label={t('figures.parameters')}
        note={
          trainableParameterCount > 0
            ? t('figures.trained', { count: formatParameters(trainableParameterCount) })
            : null
        }
      >
        {formatParameters(estimate.parameterCount)}
      </Figure>
      <Figure label={t('figures.maxBatch')}>{largest(solved.estimate?.maxBatchSize)}</Figure>
      <Figure label={t(isTraining ? 'figures.maxSequence' : 'figures.maxPrompt')}>
        {largest(solved.estimate?.maxSequenceLength)}
      </Figure>
      <Figure label={t('figures.smallest')}>
        {smallest ? (
          <Anchor
            component="button"
            type="button"
            size="sm"
            ta="right"
            onClick={() => useFitDraft.setState({ gpu: smallest.gpu.id })}
          >
            {smallest.gpu.name}
          </Anchor>
        ) : (
          t('figures.noGpu')
        )}
      </Figure>
      <hr aria-hidden />
      <Figure
        label={t(isTraining ? 'figures.stepTime' : 'figures.answerTime')}
        note={time ? range(...time.intervalMs, formatDuration) : t('figures.noRates')}
      >
        {formatDuration(time?.stepMs ?? null)}
      </Figure>
      <Figure label={t('figures.tokensPerSecond')}>
        {time ? formatSignificant(time.tokensPerSecond) : '—'}
      </Figure>
      <Figure label={t('figures.ofPeak')}>
        {time ? `${formatSignificant(100 * time.fractionOfPeak)} %` : '—'}
      </Figure>
    </dl>
  )
}

interface FigureProps {
  readonly label: string
  /** Below it, smaller. */
  readonly note?: string | null
  readonly children: ReactNode
}

function Figure({ label, note = null, children }: FigureProps) {
  return (
    <>
      <dt>{label}</dt>
      <dd>
        {children}
        {note !== null && <small>{note}</small>}
      </dd>
    </>
  )
}
