import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import type { ExplainedEstimate } from '../../../core/estimate/estimate'
import { Panel } from '../../components/Panel'
import { useSentence } from '../../sentences/useSentence'
import classes from './CellDetails.module.css'
import type { FitDraft } from './fitDraft'
import type { FitGpu } from './fitGpus'
import { chosenMethod } from './jobOfDraft'
import { KeyFigures } from './KeyFigures'
import { LargestTensors } from './LargestTensors'
import { OtherAnswers } from './OtherAnswers'
import { PhaseTimes } from './PhaseTimes'
import { ReliefTable } from './ReliefTable'
import { StepMemoryPicture } from './StepMemoryPicture'
import { TermTable } from './TermTable'
import type { ReadyModel } from './useFitModel'
import type { Solved } from './useSolved'

interface CellDetailsProps {
  readonly draft: FitDraft
  readonly model: ReadyModel
  readonly gpu: FitGpu
  readonly gpus: readonly FitGpu[]
  readonly explained: ExplainedEstimate
  /** The search for limits and reliefs, a moment later. */
  readonly solved: Solved
}

/** The chosen cell, opened: picture, figures, terms, what would help, what others say. */
export const CellDetails = memo(function CellDetails(props: CellDetailsProps) {
  const { draft, model, gpu, gpus, explained, solved } = props
  const { t } = useTranslation('fit')
  const say = useSentence()
  const { estimate, timeline, largestTensors, explained: terms } = explained
  const method = t(`method.${chosenMethod(draft)}`)
  return (
    <>
      <Panel title={t('details.heading', { model: model.label, method, gpu: gpu.shortName })}>
        <div className={classes.overview}>
          <StepMemoryPicture estimate={estimate} timeline={timeline} gpu={gpu} />
          <KeyFigures estimate={estimate} solved={solved} gpus={gpus} draft={draft} />
        </div>
      </Panel>
      {estimate.time && (
        <Panel title={t('times.heading')}>
          <PhaseTimes time={estimate.time} />
        </Panel>
      )}
      <Panel title={t('terms.heading')}>
        <TermTable terms={terms} estimate={estimate} />
      </Panel>
      <Panel title={t('reliefs.heading')}>
        <ReliefTable solved={solved} />
      </Panel>
      <div className={classes.columns}>
        <Panel title={t('others.heading')}>
          <OtherAnswers solved={solved} />
        </Panel>
        <div className={classes.column}>
          <Panel title={t('tensors.heading')}>
            <LargestTensors tensors={largestTensors} />
          </Panel>
          <Panel title={t('assumptions.heading')}>
            <ul className={classes.assumptions}>
              {estimate.assumptions.map((line) => (
                <li key={line}>{say(line)}</li>
              ))}
            </ul>
          </Panel>
        </div>
      </div>
    </>
  )
})
