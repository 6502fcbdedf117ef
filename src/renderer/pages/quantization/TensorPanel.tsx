import { NativeSelect, Slider } from '@mantine/core'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { formatFigure } from '../../../core/report/figures'
import { formatSignificant } from '../../../core/units'
import type { CalibratedTensor } from '../../../protocol/quantization'
import { Chart } from '../../charts/Chart'
import { dragAlpha } from '../../charts/quantizationDrag'
import { quantizationOption, quantizationTable } from '../../charts/quantizationOption'
import { useChartScheme } from '../../charts/useChartScheme'
import { Panel } from '../../components/Panel'
import { clippedFraction, largestInt8, leastErrorPoint } from './calibrationErrors'
import classes from './QuantizationPage.module.css'
import { methods } from './methods'

/** Of the slider: fine enough that a step moves the line by about a pixel. */
const sliderSteps = 500

interface TensorPanelProps {
  readonly tensor: CalibratedTensor
  readonly tensorNames: readonly string[]
  readonly alpha: number
  readonly onTensor: (name: string) => void
  readonly onAlpha: (alpha: number) => void
}

/** Where the values of one activation lie, and the line that decides what is clipped. */
export function TensorPanel(props: TensorPanelProps) {
  const { tensor, tensorNames, alpha, onTensor, onAlpha } = props
  const { t } = useTranslation('quantization')
  const option = useQuantizationOption(tensor, alpha)
  const texts = useTexts()
  return (
    <Panel>
      <div className={classes.tools}>
        <NativeSelect
          size="xs"
          label={t('tensor')}
          value={tensor.name}
          onChange={({ currentTarget }) => onTensor(currentTarget.value)}
          data={[...tensorNames]}
        />
        <AlphaSlider tensor={tensor} alpha={alpha} onAlpha={onAlpha} />
      </div>
      <Chart
        // A new one for each activation: the pointer's scale is its own.
        key={tensor.name}
        title={t('chartTitle', { tensor: tensor.name })}
        caption={t('chartCaption', { total: formatFigure(tensor.valueCount) })}
        option={option}
        table={quantizationTable(tensor, texts)}
        fileName="headroom-quantization"
        height={400}
        onReady={(chart) => dragAlpha(chart, { maxAlpha: tensor.maxAbs, onAlpha })}
      />
    </Panel>
  )
}

function AlphaSlider({
  tensor,
  alpha,
  onAlpha,
}: Pick<TensorPanelProps, 'tensor' | 'alpha' | 'onAlpha'>) {
  const { t } = useTranslation('quantization')
  const step = tensor.maxAbs / sliderSteps
  const text = t('alphaIs', {
    alpha: formatSignificant(alpha),
    step: formatSignificant(alpha / largestInt8),
    clipped: (100 * clippedFraction(tensor, alpha)).toFixed(2),
  })
  return (
    <div className={classes.slider}>
      <span className={classes.label}>
        {t('alpha')} <small>{t('alphaHint')}</small>
      </span>
      <Slider
        size="sm"
        color="ink"
        min={step}
        max={tensor.maxAbs}
        step={step}
        value={alpha}
        onChange={onAlpha}
        label={null}
        thumbLabel={t('alpha')}
        thumbValueText={text}
      />
      <output className={classes.alpha}>{text}</output>
    </div>
  )
}

function useTexts() {
  const { t } = useTranslation('quantization')
  return useMemo(
    () => ({
      values: t('values'),
      count: t('count'),
      error: t('error'),
      clipping: t('clipping'),
      rounding: t('rounding'),
      sum: t('sum'),
      clipped: t('clipped'),
      least: t('least'),
    }),
    [t],
  )
}

function useQuantizationOption(tensor: CalibratedTensor, chosenAlpha: number) {
  const { t } = useTranslation('quantization')
  const scheme = useChartScheme()
  const texts = useTexts()
  return useMemo(() => {
    const point = leastErrorPoint(tensor)
    const least = point && {
      alpha: point.alpha,
      error: point.clippingError + point.roundingError,
    }
    const marked = methods.map((name) => ({
      label: t(`method.${name}`),
      alpha: tensor.alphas[name],
    }))
    return quantizationOption({ tensor, chosenAlpha, methods: marked, least, texts }, scheme)
  }, [tensor, chosenAlpha, texts, t, scheme])
}
