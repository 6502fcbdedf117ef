import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { describeMemory } from '../../../core/report/describeMemory'
import { reportWords } from '../../../core/report/words/reportWords'
import type { RunRecord } from '../../../core/run/record'
import { Panel } from '../../components/Panel'
import { ReportTableView } from '../compare/ReportTableView'
import type { Language } from '../../i18n'

/** The memory ledger of every step, as its report has it: what theory adds up to, and what was measured. */
export function RunLedgerPanel({ record }: { readonly record: RunRecord }) {
  const { i18n } = useTranslation()
  const section = useMemo(
    () => describeMemory(record, reportWords(i18n.language as Language)),
    [record, i18n.language],
  )
  if (!section) return null
  return (
    <Panel title={section.heading}>
      {section.tables.map((table, index) => (
        <ReportTableView key={index} table={table} label={`${section.heading} ${index + 1}`} />
      ))}
    </Panel>
  )
}
