import { Button, Table } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { formatFigure, formatPercent, optionalFigure } from '../../../core/report/figures'
import type {
  CalibratedTensor,
  CalibrationMethod,
  QuantizationAccuracy,
  QuantizedNetwork,
} from '../../../protocol/quantization'
import { Panel } from '../../components/Panel'
import { errorsAt } from './calibrationErrors'
import { methods } from './methods'
import classes from './QuantizationPage.module.css'

interface MethodTableProps {
  readonly network: QuantizedNetwork
  readonly tensor: CalibratedTensor
  readonly chosenAlpha: number
  /** null while it is being computed. */
  readonly chosenAccuracy: QuantizationAccuracy | null
  readonly onUse: (method: CalibrationMethod) => void
}

/** What the three methods choose for this activation, beside the chosen threshold. */
export function MethodTable(props: MethodTableProps) {
  const { network, tensor, chosenAlpha, chosenAccuracy, onUse } = props
  const { t } = useTranslation('quantization')
  const figures = ['alpha', 'clipping', 'rounding', 'sum', 'accuracy', 'sqnr'] as const
  return (
    <Panel title={t('methods')}>
      <p className={classes.paragraph}>{t('methodsDetail')}</p>
      <div className={classes.scroller}>
        <Table aria-label={t('methods')} verticalSpacing={4} className={classes.table}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">{t('column.method')}</Table.Th>
              {figures.map((name) => (
                <Table.Th key={name} scope="col" data-number>
                  {t(`column.${name}`)}
                </Table.Th>
              ))}
              <Table.Th scope="col">{t('column.use')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {methods.map((method) => (
              <Table.Tr key={method}>
                <Table.Th scope="row">{t(`method.${method}`)}</Table.Th>
                <ErrorCells tensor={tensor} alpha={tensor.alphas[method]} />
                <AccuracyCells accuracy={network.accuracyByMethod[method]} />
                <Table.Td>
                  <Button
                    size="compact-xs"
                    variant="default"
                    aria-label={t('use', { method: t(`method.${method}`) })}
                    onClick={() => onUse(method)}
                  >
                    {t('useShort')}
                  </Button>
                </Table.Td>
              </Table.Tr>
            ))}
            <Table.Tr className={classes.chosen}>
              <Table.Th scope="row">{t('chosen')}</Table.Th>
              <ErrorCells tensor={tensor} alpha={chosenAlpha} />
              <AccuracyCells accuracy={chosenAccuracy} />
              <Table.Td />
            </Table.Tr>
          </Table.Tbody>
        </Table>
      </div>
    </Panel>
  )
}

interface ErrorCellsProps {
  readonly tensor: CalibratedTensor
  readonly alpha: number
}

function ErrorCells({ tensor, alpha }: ErrorCellsProps) {
  const errors = errorsAt(tensor, alpha)
  const sum = errors && errors.clippingError + errors.roundingError
  return (
    <>
      {[alpha, errors?.clippingError, errors?.roundingError, sum].map((value, index) => (
        <Table.Td key={index} data-number>
          {optionalFigure(value, formatError)}
        </Table.Td>
      ))}
    </>
  )
}

/** Errors span decades: below a thousandth they are powers of ten. */
function formatError(value: number): string {
  return value > 0 && value < 1e-3 ? value.toExponential(2).replace('-', '−') : formatFigure(value)
}

function AccuracyCells({ accuracy }: { readonly accuracy: QuantizationAccuracy | null }) {
  return (
    <>
      <Table.Td data-number>{optionalFigure(accuracy?.top1, formatPercent)}</Table.Td>
      <Table.Td data-number>
        {optionalFigure(accuracy?.sqnrDb, (value) => value.toFixed(1))}
      </Table.Td>
    </>
  )
}
