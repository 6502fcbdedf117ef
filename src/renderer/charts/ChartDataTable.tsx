import { ScrollArea, Table, VisuallyHidden } from '@mantine/core'
import { memo } from 'react'
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

/**
 * The figures of a chart for those who cannot or would rather not look at a picture. Its cells are
 * plain elements: there are hundreds of them, and they are built while something is measured.
 */
export const ChartDataTable = memo(function ChartDataTable(props: ChartDataTableProps) {
  const { table, title, isVisible } = props
  const { t } = useTranslation()
  const every = Math.max(1, Math.ceil(table.rows.length / mostRows))
  const rows = table.rows.filter((_row, index) => index % every === 0)
  const content = (
    <Table withRowBorders={false} striped verticalSpacing={2}>
      <Table.Caption>
        {title}
        {every > 1 && ` ${t('chart.rowsShown', { every, count: table.rows.length })}`}
      </Table.Caption>
      <thead>
        <tr>
          {table.columns.map((column) => (
            <th key={column} scope="col">
              {column}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row, index) => (
          <tr key={index}>
            {row.map((value, column) => (
              <td key={table.columns[column]} data-number={typeof value === 'number' || null}>
                {typeof value === 'number' ? formatSignificant(value) : (value ?? '—')}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </Table>
  )
  if (!isVisible) return <VisuallyHidden>{content}</VisuallyHidden>
  // The browser must be able to move the focus into what scrolls.
  return (
    <ScrollArea.Autosize mah={260} className={classes.table} viewportProps={{ tabIndex: 0 }}>
      {content}
    </ScrollArea.Autosize>
  )
})
