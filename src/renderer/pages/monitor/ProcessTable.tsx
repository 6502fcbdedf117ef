import { Table, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import {
  latestHost,
  latestSlow,
  type MonitoredGpu,
  type MonitorState,
} from '../../../core/monitor/monitorState'
import { formatSignificant, MiB } from '../../../core/units'
import { Panel } from '../../components/Panel'
import { StatusBadge } from '../../components/StatusBadge'
import classes from './MonitorPage.module.css'
import { useSources } from './useSources'

interface ProcessTableProps {
  readonly state: MonitorState
  readonly gpu: MonitoredGpu
}

/** Who is on the GPU, the largest first. */
export function ProcessTable({ state, gpu }: ProcessTableProps) {
  const { t } = useTranslation('monitor')
  const { name: source, slowPeriod: period } = useSources(state, gpu)
  const processes = latestSlow(state, gpu.id)?.processes ?? null
  const own = new Set(latestHost(state)?.ownPids)
  const sorted = (processes ?? []).toSorted((a, b) => (b.usedBytes ?? -1) - (a.usedBytes ?? -1))
  return (
    <Panel title={t('processes.heading')}>
      {sorted.length === 0 ? (
        <Text c="dimmed">
          {processes === null ? t('processes.notListed') : t('processes.none')}
        </Text>
      ) : (
        <div className={classes.scroll}>
          <Table aria-label={t('processes.heading')}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th scope="col" ta="right">
                  {t('processes.pid')}
                </Table.Th>
                <Table.Th scope="col">{t('processes.name')}</Table.Th>
                <Table.Th scope="col">{t('processes.type')}</Table.Th>
                <Table.Th scope="col" ta="right">
                  {t('processes.memory')}
                </Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {sorted.map(({ pid, name, type, usedBytes }) => (
                <Table.Tr key={pid}>
                  <Table.Td ta="right">{pid}</Table.Td>
                  <Table.Td>
                    {name ?? <Text c="dimmed">{t('processes.unnamed')}</Text>}{' '}
                    {own.has(pid) && <StatusBadge tone="neutral">{t('processes.own')}</StatusBadge>}
                  </Table.Td>
                  <Table.Td>{t(`processes.${type}`)}</Table.Td>
                  <Table.Td ta="right">
                    {usedBytes === null ? '—' : formatSignificant(usedBytes / MiB)}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </div>
      )}
      <p className={classes.note}>{t('processes.caption', { source, period })}</p>
    </Panel>
  )
}
