import { Table } from '@mantine/core'
import type { ReportTable } from '../../../core/report/runReport'
import { Scroller } from '../../components/Scroller'
import classes from './ComparePage.module.css'

interface ReportTableViewProps {
  readonly table: ReportTable
  /** What the table is of. */
  readonly label: string
}

/** A table of a report on a page: the same figures in the same words. */
export function ReportTableView({ table: { columns, rows }, label }: ReportTableViewProps) {
  return (
    <Scroller label={label} className={classes.scroller}>
      <Table aria-label={label} verticalSpacing={4} className={classes.table}>
        <Table.Thead>
          <Table.Tr>
            {columns.map(({ label: heading, isFigure }) => (
              <Table.Th key={heading} scope="col" data-number={isFigure || undefined}>
                {heading}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row, index) => (
            <Table.Tr key={index}>
              {row.map((cell, column) =>
                column === 0 ? (
                  <Table.Th key={column} scope="row">
                    {cell}
                  </Table.Th>
                ) : (
                  <Table.Td key={column} data-number={columns[column]?.isFigure || undefined}>
                    {cell}
                  </Table.Td>
                ),
              )}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Scroller>
  )
}
