import { Button, NativeSelect, SegmentedControl } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import IconDownload from '@tabler/icons-react/dist/esm/icons/IconDownload.mjs'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ReportFormat, RunSummary } from '../../../protocol/contract'
import { saveFile } from '../../charts/giveAway'
import { errorLine } from '../../components/errorLine'
import { Verdict } from '../../components/Verdict'
import { useHost } from '../../host'
import { languageNames, languages, type Language } from '../../i18n'
import { RunPicker } from '../history/RunPicker'
import classes from './ReportPage.module.css'
import { ReportPreview } from './ReportPreview'

/** In the order of use; from a type alone, since the contract's schemas stay in the host. */
const formats = ['html', 'pdf', 'md', 'csv', 'json'] as const satisfies readonly ReportFormat[]

interface ReportMakerProps {
  readonly runs: readonly RunSummary[]
  readonly runId: string
  readonly onChoose: (id: string) => void
}

/** Run, format and language on top, the report as it will be below. */
export function ReportMaker({ runs, runId, onChoose }: ReportMakerProps) {
  const { t, i18n } = useTranslation(['report', 'common', 'history'])
  const [format, setFormat] = useState<ReportFormat>('html')
  const [chosenLanguage, setLanguage] = useState<Language | null>(null)
  const language = chosenLanguage ?? (i18n.language as Language)
  const { mutate: save, isPending, error } = useSaveReport()

  return (
    <>
      <Verdict
        tone={error ? 'bad' : 'neutral'}
        detail={error ? errorLine(error) : <FormatDetail format={format} />}
        action={
          <Button
            size="xs"
            leftSection={<IconDownload size={14} aria-hidden />}
            loading={isPending}
            onClick={() => save({ id: runId, format, language })}
          >
            {t('save', { format: t(`formatName.${format}`) })}
          </Button>
        }
      >
        <FormatVerdict format={format} />
      </Verdict>
      <div className={classes.choices}>
        <RunPicker
          label={t('history:picker.run')}
          runs={runs}
          value={runId}
          onChange={(id) => id && onChoose(id)}
        />
        <div>
          <span className={classes.label} id="report-format">
            {t('format')}
          </span>
          <SegmentedControl
            size="xs"
            aria-labelledby="report-format"
            value={format}
            onChange={setFormat}
            data={formats.map((value) => ({ value, label: t(`formatName.${value}`) }))}
          />
        </div>
        <NativeSelect
          size="xs"
          label={t('language')}
          value={language}
          onChange={({ currentTarget }) => setLanguage(currentTarget.value as Language)}
          data={languages.map((value) => ({ value, label: languageNames[value] }))}
        />
      </div>
      <ReportPreview id={runId} format={format} language={language} />
    </>
  )
}

function FormatVerdict({ format }: { readonly format: ReportFormat }) {
  const { t } = useTranslation(['report', 'common', 'history'])
  if (format === 'html' || format === 'pdf') return t('verdict')
  return format === 'md' ? t('verdictText') : t('verdictData')
}

function FormatDetail({ format }: { readonly format: ReportFormat }) {
  const { t } = useTranslation(['report', 'common', 'history'])
  if (format === 'html') return t('detail')
  if (format === 'pdf') return t('previewPdf')
  return format === 'md' ? t('detailText') : t(`detailData.${format}`)
}

interface ReportRequest {
  readonly id: string
  readonly format: ReportFormat
  readonly language: Language
}

/** Has the host make the file and saves it; says so where it could not be a PDF. */
function useSaveReport() {
  const { t } = useTranslation(['report', 'common', 'history'])
  const { client } = useHost()
  return useMutation({
    mutationFn: (request: ReportRequest) => client.reports.create(request),
    onSuccess: ({ fileName, mediaType, content }, { format }) => {
      saveFile(content, fileName)
      const isOther = format === 'pdf' && !mediaType.startsWith('application/pdf')
      notifications.show({
        message: isOther ? t('noPdf', { fileName }) : t('saved', { fileName }),
        autoClose: isOther ? 15_000 : 4000,
      })
    },
  })
}
