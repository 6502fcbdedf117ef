import { Table } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { LiveTensors } from '../../../core/estimate/estimate'
import { formatBytes } from '../../../core/units'
import { Bar } from '../../components/Bar'
import classes from './CellDetails.module.css'
import { useTensorName } from './useTensorName'

const mostRows = 8

/** What is in memory at the peak, the largest first. */
export function LargestTensors({ tensors }: { readonly tensors: readonly LiveTensors[] }) {
  const { t } = useTranslation('fit')
  const tensorName = useTensorName()
  // Those of inference come in the order of the step.
  const sorted = tensors.toSorted((a, b) => b.bytes - a.bytes)
  const max = sorted[0]?.bytes ?? 1
  return (
    <Table aria-label={t('tensors.heading')} verticalSpacing={4} withRowBorders={false}>
      <Table.Tbody>
        {sorted.slice(0, mostRows).map(({ label, bytes }) => (
          <Table.Tr key={label}>
            <Table.Th scope="row" fw={500}>
              {tensorName(label)}
            </Table.Th>
            <Table.Td className={classes.share}>
              <Bar
                parts={[{ key: label, value: bytes, colour: 'var(--mantine-color-dimmed)' }]}
                max={max}
                label=""
                height={8}
              />
            </Table.Td>
            <Table.Td ta="right" className={classes.nowrap}>
              {formatBytes(bytes)}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  )
}
