import { Table } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { memoryTermNames } from '../../../core/estimate/memoryTerms'
import type { TheoryMemory } from '../../../core/run/record'
import { formatBytes } from '../../../core/units'
import { TermSwatch } from '../../components/TermLegend'

interface PhaseTableProps {
  readonly theory: TheoryMemory
  readonly caption: string
}

/** What is held for which purpose, phase by phase; the peak's phase is set in bold. */
export function PhaseTable({ theory, caption }: PhaseTableProps) {
  const { t } = useTranslation(['plan', 'common'])
  const { phases, peakPhase } = theory
  const names = memoryTermNames.filter((name) => phases.some(({ terms }) => terms[name] > 0))
  const weight = (phase: string) => (phase === peakPhase ? 600 : undefined)
  return (
    <Table aria-label={caption} withRowBorders={false} verticalSpacing={2}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th scope="col">{t('steps.term')}</Table.Th>
          {phases.map(({ phase }) => (
            <Table.Th key={phase} scope="col" ta="right" fw={weight(phase) ?? 400}>
              {t(`phase.${phase as 'forward'}`)}
            </Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {names.map((name) => (
          <Table.Tr key={name}>
            <Table.Th scope="row" fw={400}>
              <TermSwatch name={name} />
              {t(`common:term.${name}`)}
            </Table.Th>
            {phases.map(({ phase, terms }) => (
              <Table.Td key={phase} ta="right" fw={weight(phase)}>
                {formatBytes(terms[name])}
              </Table.Td>
            ))}
          </Table.Tr>
        ))}
        <Table.Tr>
          <Table.Th scope="row">{t('steps.total')}</Table.Th>
          {phases.map(({ phase, peakBytes }) => (
            <Table.Td key={phase} ta="right" fw={weight(phase)}>
              {formatBytes(peakBytes)}
            </Table.Td>
          ))}
        </Table.Tr>
      </Table.Tbody>
    </Table>
  )
}
