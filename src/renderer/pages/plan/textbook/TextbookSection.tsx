import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { maxTextbookParameterCount } from '../../../../core/estimate/textbook'
import { GB, formatSignificant } from '../../../../core/units'
import { joinSentences } from '../../../components/joinSentences'
import { Verdict } from '../../../components/Verdict'
import { gpuChoices } from './gpuChoices'
import { formatParameterCount, parseParameterCount } from './parseParameterCount'
import { TextbookArithmetic } from './TextbookArithmetic'
import { TextbookForm } from './TextbookForm'
import classes from './Textbook.module.css'
import { TextbookMatrix } from './TextbookMatrix'
import { textbookTable, type TextbookPrecision, type TextbookTask } from './textbookTable'

/** The arithmetic that courses teach, for any number of parameters and any GPU of the table. */
export function TextbookSection() {
  const { t, i18n } = useTranslation('plan')
  const [parameters, setParameters] = useState('7B')
  const [gpuId, setGpuId] = useState('t4')
  const [chosen, setChosen] = useState<{ precision: TextbookPrecision; task: TextbookTask }>({
    precision: 'fp32',
    task: 'adamw',
  })
  const parsed = parseParameterCount(parameters)
  const isValid = parsed !== null && parsed <= maxTextbookParameterCount
  const [lastValid, setLastValid] = useState(7e9)
  if (isValid && parsed !== lastValid) setLastValid(parsed)
  const count = isValid ? parsed : lastValid

  const gpu = gpuChoices.find(({ id }) => id === gpuId) ?? gpuChoices[0]!
  const table = textbookTable(count, gpu.limitBytes)
  const cell = table
    .flat()
    .find(({ precision, task }) => precision === chosen.precision && task === chosen.task)!
  const values = {
    count: formatParameterCount(count),
    task: t(`textbook.task.${cell.task}`),
    precision: cell.precision,
    total: formatSignificant(cell.totalBytes / GB),
    share: (cell.totalBytes / gpu.limitBytes).toPrecision(2),
    limit: formatSignificant(gpu.limitBytes / GB),
    name: gpu.name,
  }
  return (
    <div className={classes.layout}>
      <div className={classes.verdict}>
        <Verdict
          tone={cell.fits ? 'good' : 'bad'}
          detail={joinSentences(i18n.language, t('textbook.compared', values), t('textbook.hint'))}
        >
          {cell.fits
            ? t('textbook.verdict.fits', values)
            : t('textbook.verdict.doesNotFit', values)}
        </Verdict>
      </div>
      <TextbookForm
        parameters={parameters}
        onParameters={setParameters}
        isValid={isValid}
        gpu={gpu}
        onGpu={setGpuId}
      />
      <div className={classes.results}>
        <TextbookMatrix
          table={table}
          limitBytes={gpu.limitBytes}
          chosen={cell}
          onChoose={setChosen}
        />
        <TextbookArithmetic cell={cell} gpu={gpu} />
      </div>
    </div>
  )
}
