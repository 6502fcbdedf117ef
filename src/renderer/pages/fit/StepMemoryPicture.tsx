import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Estimate, TimelinePoint } from '../../../core/estimate/estimate'
import { formatBytes } from '../../../core/units'
import { Chart } from '../../charts/Chart'
import {
  stepMemoryOption,
  stepMemoryTable,
  type StepMemoryLabels,
} from '../../charts/stepMemoryOption'
import { useChartScheme } from '../../charts/useChartScheme'
import type { FitGpu } from './fitGpus'
import { useTensorName } from './useTensorName'

interface StepMemoryPictureProps {
  readonly estimate: Estimate
  readonly timeline: readonly TimelinePoint[]
  readonly gpu: FitGpu
}

/** Live memory over one step under the GPU's limit. */
export function StepMemoryPicture({ estimate, timeline, gpu }: StepMemoryPictureProps) {
  const { t } = useTranslation(['fit', 'common'])
  const scheme = useChartScheme()
  const tensorName = useTensorName()
  const { totalPeakBytes, peakPhase, terms } = estimate
  const usable = estimate.gpu?.usableBytes ?? null
  const labels = useMemo(
    (): StepMemoryLabels => ({
      term: (name) => t(`common:term.${name}`),
      phase: (phase) => t(`phase.${phase}`),
      moment: tensorName,
      memory: t('picture.memory'),
      total: t('picture.total'),
      course: t('picture.course'),
      limit: t('picture.limit', { usable: formatBytes(usable), gpu: gpu.shortName }),
      peak: t('picture.peak', { bytes: formatBytes(totalPeakBytes) }),
      momentColumn: t('picture.moment'),
      phaseColumn: t('picture.phase'),
    }),
    [t, tensorName, usable, gpu.shortName, totalPeakBytes],
  )
  const runtimeBytes = terms.runtimeOverheadBytes
  const option = useMemo(
    () => stepMemoryOption({ timeline, runtimeBytes, limitBytes: usable, labels, scheme }),
    [timeline, runtimeBytes, usable, labels, scheme],
  )
  const table = useMemo(
    () => stepMemoryTable(timeline, runtimeBytes, labels),
    [timeline, runtimeBytes, labels],
  )
  return (
    <Chart
      title={t('picture.title', {
        phase: t(`phase.${peakPhase}`),
        bytes: formatBytes(totalPeakBytes),
      })}
      caption={t('picture.caption')}
      option={option}
      table={table}
      fileName="headroom-step-memory"
      height={264}
    />
  )
}
