import { Table, UnstyledButton } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { optimizerStatesPerParameter } from '../../../../core/estimate/textbook'
import { formatSignificant, GB } from '../../../../core/units'
import { Panel } from '../../../components/Panel'
import { TermBar } from '../../../components/TermBar'
import { TermLegend } from '../../../components/TermLegend'
import classes from './Textbook.module.css'
import {
  type TextbookCell,
  type TextbookPrecision,
  type TextbookTask,
  textbookTasks,
} from './textbookTable'

interface TextbookMatrixProps {
  readonly table: readonly (readonly TextbookCell[])[]
  readonly limitBytes: number
  readonly chosen: TextbookCell
  readonly onChoose: (cell: { precision: TextbookPrecision; task: TextbookTask }) => void
}

const gigabytes = (bytes: number): string => `${formatSignificant(bytes / GB)} GB`

/** Precisions down, optimizers across; all bars on one scale, the largest total filling its cell. */
export function TextbookMatrix({ table, limitBytes, chosen, onChoose }: TextbookMatrixProps) {
  const { t } = useTranslation('plan')
  const maxBytes = Math.max(...table.flat().map((cell) => cell.totalBytes))
  const limitPercent = (100 * limitBytes) / maxBytes
  return (
    <Panel
      title={t('textbook.heading')}
      actions={<TermLegend names={['weightsBytes', 'gradientsBytes', 'optimizerStatesBytes']} />}
    >
      <div className={classes.scroll}>
        <Table className={classes.matrix} withRowBorders={false} aria-label={t('textbook.heading')}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">{t('textbook.precision')}</Table.Th>
              {textbookTasks.map((task) => (
                <Table.Th key={task} scope="col">
                  {task === 'load' ? t('textbook.load') : t(`textbook.optimizer.${task}`)}
                  <small>
                    {task === 'load'
                      ? t('textbook.weightsOnly')
                      : t(`textbook.states.${optimizerStatesPerParameter[task] as 0 | 1 | 2}`)}
                  </small>
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {table.map((row) => (
              <Table.Tr key={row[0]?.precision}>
                <Table.Th scope="row">{row[0]?.precision}</Table.Th>
                {row.map((cell) => (
                  <Table.Td key={cell.task} className={classes.cell}>
                    <UnstyledButton
                      className={classes.choice}
                      data-fits={cell.fits}
                      aria-pressed={cell === chosen}
                      onClick={() => onChoose(cell)}
                    >
                      <span className={classes.amount}>
                        <strong>{gigabytes(cell.totalBytes)}</strong>
                        <span>
                          {cell.fits ? t('textbook.fitsShort') : t('textbook.doesNotFitShort')}
                        </span>
                      </span>
                      <span className={classes.bar}>
                        <TermBar terms={cell.terms} maxBytes={maxBytes} format={gigabytes} />
                        {limitPercent <= 100 && (
                          <span
                            className={classes.limit}
                            style={{ left: `${limitPercent}%` }}
                            aria-hidden
                          />
                        )}
                      </span>
                    </UnstyledButton>
                  </Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </div>
    </Panel>
  )
}
