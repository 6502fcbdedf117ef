import { ActionIcon, Checkbox, Table, Tooltip, UnstyledButton } from '@mantine/core'
import IconChevronDown from '@tabler/icons-react/dist/esm/icons/IconChevronDown.mjs'
import IconChevronUp from '@tabler/icons-react/dist/esm/icons/IconChevronUp.mjs'
import IconFileText from '@tabler/icons-react/dist/esm/icons/IconFileText.mjs'
import IconTrash from '@tabler/icons-react/dist/esm/icons/IconTrash.mjs'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { RunSummary } from '../../../protocol/contract'
import { OutcomeBadge } from '../../components/OutcomeBadge'
import { StatusBadge } from '../../components/StatusBadge'
import { historyColumns, type HistoryColumn, type HistoryOrder } from './arrangeRuns'
import { formatTime } from './formatTime'
import classes from './HistoryPage.module.css'

interface HistoryTableProps {
  readonly runs: readonly RunSummary[]
  readonly order: HistoryOrder
  readonly onOrder: (order: HistoryOrder) => void
  readonly tickedIds: readonly string[]
  readonly onTick: (id: string) => void
  readonly onRemove: (run: RunSummary) => void
}

const numeric: ReadonlySet<HistoryColumn> = new Set(['batchSize', 'completedStepCount'])

/** A row per stored run; its time opens it. */
export function HistoryTable(props: HistoryTableProps) {
  const { runs, order, onOrder } = props
  const { t } = useTranslation('history')
  return (
    <div className={classes.scroller}>
      <Table
        aria-label={t('tableLabel')}
        highlightOnHover
        verticalSpacing={5}
        className={classes.table}
      >
        <Table.Thead>
          <Table.Tr>
            <Table.Td aria-hidden />
            {historyColumns.map((column) => (
              <SortableHeading key={column} column={column} order={order} onOrder={onOrder} />
            ))}
            <Table.Th scope="col" className={classes.actions}>
              <span className={classes.hidden}>{t('actions')}</span>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {runs.map((run) => (
            <RunRow key={run.id} {...props} run={run} />
          ))}
        </Table.Tbody>
      </Table>
    </div>
  )
}

interface SortableHeadingProps {
  readonly column: HistoryColumn
  readonly order: HistoryOrder
  readonly onOrder: (order: HistoryOrder) => void
}

function SortableHeading({ column, order, onOrder }: SortableHeadingProps) {
  const { t } = useTranslation('history')
  const isSorted = order.column === column
  const sort = !isSorted ? 'none' : order.descending ? 'descending' : 'ascending'
  const Arrow = order.descending ? IconChevronDown : IconChevronUp
  return (
    <Table.Th
      scope="col"
      aria-sort={sort}
      data-number={numeric.has(column) || undefined}
      className={column === 'provider' ? classes.provider : undefined}
    >
      <UnstyledButton
        className={classes.sort}
        onClick={() => onOrder({ column, descending: isSorted && !order.descending })}
      >
        {t(`column.${column}`)}
        {isSorted && <Arrow size={13} aria-hidden />}
      </UnstyledButton>
    </Table.Th>
  )
}

function RunRow({
  run,
  tickedIds,
  onTick,
  onRemove,
}: HistoryTableProps & { readonly run: RunSummary }) {
  const { t } = useTranslation('history')
  const time = formatTime(run.startedAt)
  return (
    <Table.Tr data-damaged={!run.intact || undefined}>
      <Table.Td>
        <Checkbox
          size="xs"
          aria-label={t('tick', { time })}
          checked={tickedIds.includes(run.id)}
          onChange={() => onTick(run.id)}
        />
      </Table.Td>
      <Table.Td className={classes.time}>
        <Link to={'/compare' as never} search={{ run: run.id } as never} className={classes.open}>
          {time}
        </Link>
      </Table.Td>
      <Table.Td>
        {!run.intact ? (
          <StatusBadge tone="bad">{t('damagedBadge')}</StatusBadge>
        ) : run.otherVersion ? (
          <StatusBadge tone="warn">{t('otherVersionBadge')}</StatusBadge>
        ) : (
          <OutcomeBadge outcome={run.outcome} />
        )}
      </Table.Td>
      <Table.Td className={classes.name}>{run.network}</Table.Td>
      <Table.Td className={classes.device} title={run.deviceName}>
        {run.deviceName}
      </Table.Td>
      <Table.Td className={classes.provider}>{run.provider}</Table.Td>
      <Table.Td>{run.modes.map((mode) => t(`mode.${mode as 'infer'}`)).join(t('comma'))}</Table.Td>
      <Table.Td>{run.precisions.join(', ')}</Table.Td>
      <Table.Td data-number>{run.batchSize}</Table.Td>
      <Table.Td data-number>{`${run.completedStepCount} / ${run.stepCount}`}</Table.Td>
      <Table.Td className={classes.actions}>
        <Tooltip label={t('report')}>
          <ActionIcon
            variant="subtle"
            color="gray"
            size="sm"
            renderRoot={(rest) => (
              <Link {...rest} to={'/report' as never} search={{ run: run.id } as never} />
            )}
            aria-label={`${t('report')}: ${time}`}
          >
            <IconFileText size={16} />
          </ActionIcon>
        </Tooltip>
        <ActionIcon
          variant="subtle"
          color="gray"
          size="sm"
          aria-label={t('remove', { time })}
          onClick={() => onRemove(run)}
        >
          <IconTrash size={16} />
        </ActionIcon>
      </Table.Td>
    </Table.Tr>
  )
}
