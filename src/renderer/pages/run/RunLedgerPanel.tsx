import { useMemo } from 'react'
import { describeMemory } from '../../../core/report/describeMemory'
import type { RunRecord } from '../../../core/run/record'
import { Panel } from '../../components/Panel'
import { useReportWords } from '../../components/useReportWords'
import { ReportTableView } from '../compare/ReportTableView'

/** The memory ledger of every step, as its report has it: what theory adds up to, and what was measured. */
export function RunLedgerPanel({ record }: { readonly record: RunRecord }) {
  const words = useReportWords()
  const section = useMemo(() => describeMemory(record, words), [record, words])
  if (!section) return null
  return (
    <Panel title={section.heading}>
      {section.tables.map((table, index) => (
        <ReportTableView key={index} table={table} label={`${section.heading} ${index + 1}`} />
      ))}
    </Panel>
  )
}
