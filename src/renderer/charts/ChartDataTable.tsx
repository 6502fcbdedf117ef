import { ScrollArea, Table, VisuallyHidden } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { formatSignificant } from '../../core/units'
import classes from './Chart.module.css'
import type { ChartTable } from './chartOption'

/** More than a person reads; the CSV has every row. */
const mostRows = 200

interface ChartDataTableProps {
  readonly table: ChartTable
  readonly title: string
  /** Otherwise only screen readers get it. */
  readonly isVisible: boolean
}

/** The figures of a chart for those who cannot or would rather not look at a picture. */
export function ChartDataTable({ table, title, isVisible }: ChartDataTableProps) {
  const { t } = useTranslation()
  const every = Math.max(1, Math.ceil(table.rows.length / mostRows))
  const rows = table.rows.filter((_row, index) => index % every === 0)
  const content = (
    <Table withRowBorders={false} striped verticalSpacing={2}>
      <Table.Caption>
        {title}
        {every > 1 && ` ${t('chart.rowsShown', { every, count: table.rows.length })}`}
      </Table.Caption>
      <Table.Thead>
        <Table.Tr>
          {table.columns.map((column) => (
            <Table.Th key={column} scope="col">
              {column}
            </Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {rows.map((row, index) => (
          <Table.Tr key={index}>
            {row.map((value, column) => (
              <Table.Td key={table.columns[column]} data-number={typeof value === 'number' || null}>
                {typeof value === 'number' ? formatSignificant(value) : (value ?? '—')}
              </Table.Td>
            ))}
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  )
  if (!isVisible) return <VisuallyHidden>{content}</VisuallyHidden>
  // The browser must be able to move the focus into what scrolls.
  return (
    <ScrollArea.Autosize mah={260} className={classes.table} viewportProps={{ tabIndex: 0 }}>
      {content}
    </ScrollArea.Autosize>
  )
}
