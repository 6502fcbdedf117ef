// First: what follows checks the tables of GPUs and models as it is loaded.
import '../../jitless'
import { useDebouncedValue } from '@mantine/hooks'
import { useDeferredValue, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { EmptyState } from '../../components/EmptyState'
import IconRulerMeasure from '@tabler/icons-react/dist/esm/icons/IconRulerMeasure.mjs'
import { Page } from '../../components/Page'
import { Verdict } from '../../components/Verdict'
import { Waiting } from '../../components/Waiting'
import { useSentence } from '../../sentences/useSentence'
import { CellDetails } from './CellDetails'
import { dropConfig } from './dropConfig'
import { fitAnswer } from './fitAnswer'
import type { FitDraft } from './fitDraft'
import { FitForm } from './FitForm'
import { chosenGpu } from './fitGpus'
import { useFitDraft } from './fitDraftStore'
import { FitMatrix } from './FitMatrix'
import classes from './FitPage.module.css'
import { FitVerdictLine } from './FitVerdictLine'
import { useFitGpus } from './useFitGpus'
import { useFitModel } from './useFitModel'
import { useSolved } from './useSolved'

/** The sliders rest when nothing has moved for so long: then limits and reliefs are searched. */
const restMs = 200

/**
 * Will it fit, and on what? The verdict follows a dragged slider at once; matrix and picture follow
 * it as fast as the page has time.
 */
export function FitPage() {
  const { t } = useTranslation(['fit', 'common'])
  const say = useSentence()
  const draft = useFitDraft()
  const calmDraft = useDeferredValue(draft)
  const gpus = useFitGpus()
  const model = useFitModel(draft.model)
  const calmModel = useFitModel(calmDraft.model)
  const gpu = chosenGpu(gpus, draft.gpu)
  const calmGpu = chosenGpu(gpus, calmDraft.gpu)
  const [drop, setDrop] = useState<{ readonly problem: string | null; readonly draft: FitDraft }>()

  const answer = useMemo(
    () => (model.status === 'ready' ? fitAnswer(draft, model, gpu) : null),
    [draft, model, gpu],
  )
  const calmAnswer = useMemo(
    () => (calmModel.status === 'ready' ? fitAnswer(calmDraft, calmModel, calmGpu) : null),
    [calmDraft, calmModel, calmGpu],
  )
  const [resting] = useDebouncedValue(draft, restMs)
  const solved = useSolved(draft, resting, gpus)
  const matrixDraft = useMatrixDraft(calmDraft, resting)
  return (
    <Page title={t('common:navigation.fit')}>
      <div
        className={classes.layout}
        onDragOver={(event) => event.preventDefault()}
        onDrop={(event) => {
          event.preventDefault()
          void dropConfig(event.dataTransfer, t).then((problem) =>
            setDrop({ problem, draft: useFitDraft.getState() }),
          )
        }}
      >
        <div className={classes.verdict}>
          {/* Until something else is chosen. */}
          {drop?.problem && drop.draft === draft && (
            <Verdict tone="bad" detail={t('drop.kept')}>
              {say(drop.problem)}
            </Verdict>
          )}
          <FitVerdictLine draft={draft} model={model} gpu={gpu} answer={answer} solved={solved} />
        </div>
        <div className={classes.form}>
          <FitForm />
        </div>
        <div className={classes.results}>
          {calmModel.status === 'ready' ? (
            <>
              <FitMatrix draft={matrixDraft} model={calmModel} gpus={gpus} gpu={calmGpu} />
              {calmAnswer?.explained && (
                <CellDetails
                  draft={calmDraft}
                  model={calmModel}
                  gpu={calmGpu}
                  gpus={gpus}
                  explained={calmAnswer.explained}
                  solved={solved}
                />
              )}
            </>
          ) : calmModel.status === 'reading' ? (
            <Waiting title={t('model.reading')} />
          ) : (
            <EmptyState
              icon={IconRulerMeasure}
              title={t('model.none')}
              text={t('model.noneHint')}
            />
          )}
        </div>
      </div>
    </Page>
  )
}

/**
 * What the matrix is drawn for. Eighty models are a thousand cells, which take longer than a frame to
 * lay out: while a slider is dragged they keep its last resting place. Methods follow it.
 */
function useMatrixDraft(draft: FitDraft, resting: FitDraft): FitDraft {
  const { batchSize, sequenceLength, generatedLength } = resting
  return useMemo(
    () =>
      draft.view === 'models' ? { ...draft, batchSize, sequenceLength, generatedLength } : draft,
    [draft, batchSize, sequenceLength, generatedLength],
  )
}
