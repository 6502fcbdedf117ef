import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { formatBytes } from '../../../core/units'
import type { ReportFormat } from '../../../protocol/contract'
import { useChartScheme } from '../../charts/useChartScheme'
import { errorLine } from '../../components/errorLine'
import { Scroller } from '../../components/Scroller'
import { Verdict } from '../../components/Verdict'
import { Waiting } from '../../components/Waiting'
import { useHost } from '../../host'
import type { Language } from '../../i18n'
import classes from './ReportPage.module.css'

/** A long run's samples are megabytes: nobody reads them in a page. */
const mostCharacters = 40_000

interface ReportPreviewProps {
  readonly id: string
  readonly format: ReportFormat
  readonly language: Language
}

/** The report as it will be; a PDF is shown as the HTML that it is printed from. */
export function ReportPreview({ id, format, language }: ReportPreviewProps) {
  const { t } = useTranslation(['report', 'common', 'history'])
  const { client } = useHost()
  const shownFormat = format === 'pdf' ? 'html' : format
  const { data, error } = useQuery({
    queryKey: ['report', id, shownFormat, language],
    queryFn: async () => {
      const { content } = await client.reports.create({ id, format: shownFormat, language })
      return content.text()
    },
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
  })
  if (error)
    return (
      <Verdict tone="bad" detail={errorLine(error)}>
        {t('common:error.title')}
      </Verdict>
    )
  if (data === undefined) return <Waiting title={t('writing')} />
  return shownFormat === 'html' ? (
    <HtmlPreview html={data} isPrinted={format === 'pdf'} />
  ) : (
    <TextPreview text={data} />
  )
}

/**
 * A frame with an origin of its own: the report's script may run, and reaches nothing of this page. It
 * follows the colour scheme of the page; on paper there is only light.
 */
function HtmlPreview({ html, isPrinted }: { readonly html: string; readonly isPrinted: boolean }) {
  const { t } = useTranslation(['report', 'common', 'history'])
  const scheme = useChartScheme()
  return (
    <iframe
      title={t('preview')}
      sandbox="allow-scripts"
      srcDoc={html}
      className={classes.frame}
      data-printed={isPrinted || undefined}
      style={{ colorScheme: isPrinted ? 'light' : scheme }}
    />
  )
}

function TextPreview({ text }: { readonly text: string }) {
  const { t } = useTranslation(['report', 'common', 'history'])
  const isCut = text.length > mostCharacters
  return (
    <>
      {isCut && (
        <p className={classes.cut}>
          {t('tooLong', { shown: formatBytes(mostCharacters), size: formatBytes(text.length) })}
        </p>
      )}
      <Scroller label={t('preview')} className={classes.text}>
        <pre>{isCut ? text.slice(0, mostCharacters) : text}</pre>
      </Scroller>
    </>
  )
}
