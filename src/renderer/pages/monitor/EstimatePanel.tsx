import { Button, Group, Text } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Estimate } from '../../../core/estimate/estimate'
import { formatBytes, formatSignificant } from '../../../core/units'
import type { RecordedGpu } from '../../../protocol/recordings'
import { joinSentences } from '../../components/joinSentences'
import { Panel } from '../../components/Panel'
import { Verdict } from '../../components/Verdict'
import { fitAnswer } from '../fit/fitAnswer'
import { useFitDraft } from '../fit/fitDraftStore'
import { FitForm } from '../fit/FitForm'
import { chosenGpu } from '../fit/fitGpus'
import { chosenMethod } from '../fit/jobOfDraft'
import { useFitGpus } from '../fit/useFitGpus'
import { useFitModel } from '../fit/useFitModel'
import { estimateBeside } from './estimateBeside'
import classes from './MonitorPage.module.css'

interface EstimatePanelProps {
  readonly recorded: RecordedGpu
  /** What is drawn now; null where none is. */
  readonly estimate: Estimate | null
  readonly onEstimate: (estimate: Estimate | null) => void
}

/** What theory says of the job that was recorded, beside what it really took. */
export function EstimatePanel({ recorded, estimate, onEstimate }: EstimatePanelProps) {
  const { t } = useTranslation(['monitor', 'fit'])
  const [isChanging, setChanging] = useState(false)
  const draft = useFitDraft()
  const model = useFitModel(draft.model)
  const gpus = useFitGpus()
  const answer =
    model.status === 'ready' ? fitAnswer(draft, model, chosenGpu(gpus, draft.gpu)) : null
  const job =
    model.status === 'ready'
      ? t('beside.job', {
          model: model.label,
          method: t(`fit:method.${chosenMethod(draft)}`),
          batch: draft.batchSize,
          length: draft.sequenceLength,
        })
      : t('fit:model.reading')
  const problem = model.status === 'refused' ? model.problem : (answer?.problem ?? null)
  return (
    <Panel title={t('beside.heading')}>
      <Text c="dimmed">{t('beside.hint')}</Text>
      <Text mt="xs">{problem ?? job}</Text>
      <Group gap="xs" mt="xs">
        <Button
          size="xs"
          disabled={!answer?.explained}
          onClick={() => onEstimate(answer?.explained?.estimate ?? null)}
        >
          {t('beside.show')}
        </Button>
        <Button variant="default" size="xs" onClick={() => setChanging(!isChanging)}>
          {isChanging ? t('beside.hide') : t('beside.change')}
        </Button>
      </Group>
      <div className={classes.below}>
        {estimate && <Difference recorded={recorded} estimate={estimate} />}
        {isChanging && <FitForm />}
      </div>
    </Panel>
  )
}

interface DifferenceProps {
  readonly recorded: RecordedGpu
  readonly estimate: Estimate
}

function Difference({ recorded, estimate }: DifferenceProps) {
  const { t, i18n } = useTranslation('monitor')
  const beside = estimateBeside(recorded, estimate)
  const { measuredBytes, differenceBytes, relativeDifference, isWithinInterval } = beside
  if (measuredBytes === null || differenceBytes === null || relativeDifference === null)
    return <Verdict tone="neutral">{t('beside.unknown')}</Verdict>
  const [low, high] = estimate.intervalBytes
  const interval = {
    low: formatBytes(low),
    high: Number.isFinite(high) ? formatBytes(high) : '∞',
  }
  const detail = joinSentences(
    i18n.language,
    isWithinInterval ? t('beside.within', interval) : t('beside.outside', interval),
    beside.beforeBytes > 0 ? t('beside.before', { bytes: formatBytes(beside.beforeBytes) }) : '',
  )
  return (
    <Verdict tone={isWithinInterval ? 'good' : 'warn'} detail={detail}>
      {t(differenceBytes > 0 ? 'beside.above' : 'beside.below', {
        measured: formatBytes(measuredBytes),
        difference: formatBytes(Math.abs(differenceBytes)),
        percent: formatSignificant(100 * Math.abs(relativeDifference)),
        estimate: formatBytes(estimate.totalPeakBytes),
      })}
    </Verdict>
  )
}
