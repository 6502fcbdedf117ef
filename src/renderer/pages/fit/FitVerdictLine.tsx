import { Button } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import IconTerminal2 from '@tabler/icons-react/dist/esm/icons/IconTerminal2.mjs'
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import { formatBytes } from '../../../core/units'
import { copyOrSave } from '../../charts/giveAway'
import { joinSentences } from '../../components/joinSentences'
import { type Tone, Verdict } from '../../components/Verdict'
import { useSentence } from '../../sentences/useSentence'
import { estimateCommand } from './estimateCommand'
import type { FitAnswer } from './fitAnswer'
import type { FitDraft } from './fitDraft'
import { type FitGpu, tableId } from './fitGpus'
import { fitVerdict, type FitVerdict, isOpen } from './fitVerdict'
import { chosenMethod } from './jobOfDraft'
import { useReliefText } from './useReliefText'
import type { FitModelState } from './useFitModel'
import type { Solved } from './useSolved'

const tones: Readonly<Record<FitVerdict['type'], Tone>> = {
  fits: 'good',
  doesNotFit: 'bad',
  tooCloseToCall: 'warn',
  floorOnly: 'warn',
  unknownMemory: 'neutral',
}

interface FitVerdictLineProps {
  readonly draft: FitDraft
  readonly model: FitModelState
  readonly gpu: FitGpu
  /** Of what is chosen now. */
  readonly answer: FitAnswer | null
  /** With reliefs, as soon as the sliders rest. */
  readonly solved: Solved
}

/** The page's answer, what it rests on, and the cheapest change that would turn a no into a yes. */
export function FitVerdictLine({ draft, model, gpu, answer, solved }: FitVerdictLineProps) {
  const { t, i18n } = useTranslation('fit')
  const texts = useReliefText()
  const say = useSentence()
  if (model.status === 'reading') return <Verdict tone="neutral">{t('model.reading')}</Verdict>
  if (model.status === 'refused') {
    return (
      <Verdict tone="bad" detail={t('model.refusedHint')}>
        {t('model.refused', { problem: say(model.problem) })}
      </Verdict>
    )
  }
  if (!answer?.explained) {
    return (
      <Verdict tone="bad" detail={t('verdict.refusedHint')}>
        {answer?.problem ? say(answer.problem) : t('model.reading')}
      </Verdict>
    )
  }
  const { estimate } = answer.explained
  const verdict = fitVerdict(estimate)
  const [low, high] = estimate.intervalBytes
  const values = {
    gpu: gpu.spec.name,
    bytes: 'bytes' in verdict ? formatBytes(verdict.bytes) : '',
    needs: formatBytes(estimate.totalPeakBytes),
    low: formatBytes(low),
    high: isOpen(estimate.intervalBytes) ? '∞' : formatBytes(high),
    usable: formatBytes(estimate.gpu?.usableBytes ?? null),
  }
  const isShort = verdict.type === 'doesNotFit' || verdict.type === 'tooCloseToCall'
  const detail = joinSentences(
    i18n.language,
    t('verdict.rests', {
      ...values,
      model: model.label,
      method: t(`method.${chosenMethod(draft)}`),
    }),
    isShort ? helpLine(solved, t, texts) : '',
    ...estimate.assumptions.filter(isGuess).map((line) => `${say(line)}${t('verdict.stop')}`),
  )
  return (
    <Verdict
      tone={tones[verdict.type]}
      detail={detail}
      action={<CopyCommand command={commandOf(answer, model.argument, gpu)} />}
    >
      {t(`verdict.${verdict.type}`, values)}
    </Verdict>
  )
}

/** What makes the whole answer a guess stands beside it, and not below among the small assumptions. */
const isGuess = (line: string): boolean => line.startsWith('model_type ')

/** Which change would help; an answer to another question is none. */
function helpLine(
  { estimate, draft, isStale }: Solved,
  t: TFunction<'fit'>,
  texts: ReturnType<typeof useReliefText>,
): string {
  if (isStale) return t('verdict.searching')
  if (!estimate?.reliefs) return ''
  const relief = estimate.reliefs.find(({ fitsAfter }) => fitsAfter)
  return relief
    ? t('verdict.relief', { change: texts.change(relief, draft) })
    : t('verdict.noRelief')
}

function commandOf({ job }: FitAnswer, argument: string, gpu: FitGpu): string {
  return job ? estimateCommand({ ...job, gpu: tableId(gpu) }, argument) : ''
}

function CopyCommand({ command }: { readonly command: string }) {
  const { t } = useTranslation('fit')
  async function copy() {
    const given = await copyOrSave(command, 'headroom-estimate.txt')
    notifications.show({
      title: t(given === 'copied' ? 'command.copied' : 'command.saved'),
      message: command,
    })
  }
  return (
    <Button
      variant="default"
      size="xs"
      leftSection={<IconTerminal2 size={15} aria-hidden />}
      onClick={() => void copy()}
    >
      {t('command.copy')}
    </Button>
  )
}
