import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { comparePrecisions } from '../../../core/compare/comparePrecisions'
import { describeRun } from '../../../core/report/describeRun'
import type { ReportSection } from '../../../core/report/runReport'
import type { RunRecord } from '../../../core/run/record'
import { Panel } from '../../components/Panel'
import { Verdict } from '../../components/Verdict'
import type { Language } from '../../i18n'
import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { ComparisonCharts } from './ComparisonCharts'
import classes from './ComparePage.module.css'
import { precisionTone } from './comparisonTone'
import { ReportTableView } from './ReportTableView'

/** The precisions of one run: speed, accuracy and memory, in the words of its report. */
export function PrecisionComparisonView({ record }: { readonly record: RunRecord }) {
  const { t, i18n } = useTranslation('compare')
  const language = i18n.language as Language
  const report = useMemo(() => describeRun(record, language), [record, language])
  const tone = useMemo(() => precisionTone(comparePrecisions(record).headline), [record])
  const [headline = '', ...others] = report.verdicts
  const section = (id: ReportSection['id']) => report.sections.find((one) => one.id === id)
  const [speed, memory, training] = [section('speed'), section('memory'), section('training')]
  const charts = [speed, training, memory].flatMap((one) => one?.charts ?? [])

  return (
    <>
      <Verdict
        tone={speed ? tone : 'bad'}
        detail={[...others, ...report.warnings].join(' · ')}
        action={
          <Button
            variant="default"
            renderRoot={(rest) => (
              <Link {...rest} to={'/report' as never} search={{ run: record.id } as never} />
            )}
          >
            {t('openReport')}
          </Button>
        }
      >
        {headline}
      </Verdict>
      {!speed && <SectionPanel section={section('outcomes')} />}
      <ComparisonCharts charts={charts} />
      {[speed, memory, speed && section('outcomes')].map(
        (one) => one && <SectionPanel key={one.id} section={one} />,
      )}
      <Notes section={section('notes')} />
    </>
  )
}

function SectionPanel({ section }: { readonly section: ReportSection | undefined }) {
  if (!section) return null
  const { heading, tables } = section
  return (
    <Panel title={heading}>
      {tables.map((table, index) => (
        <ReportTableView
          key={index}
          table={table}
          label={tables.length > 1 ? `${heading} ${index + 1}` : heading}
        />
      ))}
    </Panel>
  )
}

function Notes({ section }: { readonly section: ReportSection | undefined }) {
  if (!section) return null
  return (
    <Panel title={section.heading}>
      <ul className={classes.notes}>
        {section.paragraphs.map((paragraph) => (
          <li key={paragraph}>{paragraph}</li>
        ))}
      </ul>
    </Panel>
  )
}
