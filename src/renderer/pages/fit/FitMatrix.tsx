import { SegmentedControl, Select, TextInput } from '@mantine/core'
import type { TFunction } from 'i18next'
import { memo, useDeferredValue, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { FitMethodId } from '../../../core/estimate/fitMethods'
import { formatSignificant, GiB } from '../../../core/units'
import { heatMapOption, heatMapSize } from '../../charts/heatMapOption'
import { PictureMenu } from '../../charts/PictureMenu'
import { useChartScheme } from '../../charts/useChartScheme'
import { Panel } from '../../components/Panel'
import { type FitDraft, fitViews, gpuGroups } from './fitDraft'
import { useFitDraft } from './fitDraftStore'
import { type FitGpu, gpuColumns } from './fitGpus'
import classes from './FitMatrix.module.css'
import { fitModels, formatParameters } from './fitModels'
import { heatCell, refusedCell } from './heatCell'
import { HeatRow, type HeatRowTexts } from './HeatRow'
import { chosenMethod, methodsOf } from './jobOfDraft'
import { matrixTable } from './matrixTable'
import { rowFits } from './rowFits'
import type { ReadyModel } from './useFitModel'

interface FitMatrixProps {
  readonly draft: FitDraft
  readonly model: ReadyModel
  readonly gpus: readonly FitGpu[]
  /** The chosen one. */
  readonly gpu: FitGpu
}

/** One row of the heat map: a method for the model, or a model by the method. */
export interface MatrixRow {
  readonly key: string
  readonly label: string
  readonly detail: string
  readonly method: FitMethodId
  readonly model: Pick<ReadyModel, 'jobModel' | 'resolved'>
  readonly isChosen: boolean
  /** Whether a group of rows begins here. */
  readonly isFirst: boolean
}

/** Headroom of every method (or every model) on every GPU; a cell is chosen and opens below. */
export const FitMatrix = memo(function FitMatrix({ draft, model, gpus, gpu }: FitMatrixProps) {
  const { t } = useTranslation(['fit', 'common'])
  const scheme = useChartScheme()
  const [search, setSearch] = useState('')
  const wanted = useDeferredValue(search.trim().toLowerCase())
  const { gpuGroup, gpu: gpuId } = draft
  const columns = useMemo(() => gpuColumns(gpus, { gpuGroup, gpu: gpuId }), [gpus, gpuGroup, gpuId])
  const isByModel = draft.view === 'models'
  const rows = isByModel ? modelRows(draft, model, wanted) : methodRows(draft, model, t)
  const texts = useMemo(
    (): HeatRowTexts => ({
      fits: t('cell.fits'),
      doesNotFit: t('cell.doesNotFit'),
      tooCloseToCall: t('cell.tooCloseToCall'),
      unknown: t('cell.unknown'),
      refused: t('cell.refused'),
    }),
    [t],
  )
  const title = isByModel
    ? t('matrix.byModel', { method: t(`method.${chosenMethod(draft)}`) })
    : t('matrix.byMethod', { model: model.label })

  function choose(row: MatrixRow, column: FitGpu) {
    const id = isByModel ? row.key : null
    const isOwn = id === null || id === ownKey
    useFitDraft.setState({
      gpu: column.spec.id,
      ...(isByModel ? (isOwn ? {} : { model: { type: 'catalogue', id } }) : { method: row.method }),
    })
  }

  function picture() {
    const data = {
      columns: columns.map(({ shortName, usableBytes }) => ({
        name: shortName,
        size: size(usableBytes),
      })),
      rows: rows.map((row) => {
        const { fits, problem } = rowFits(draft, row, columns)
        const cells = columns.map((_, at) =>
          problem === null ? heatCell(fits[at] ?? null) : refusedCell,
        )
        return { label: row.label, detail: row.detail, cells }
      }),
    }
    return { option: heatMapOption(data, scheme), ...heatMapSize(data) }
  }

  return (
    <Panel
      title={title}
      actions={
        <div className={classes.actions}>
          <SegmentedControl
            size="xs"
            aria-label={t('matrix.view')}
            data={fitViews.map((value) => ({ value, label: t(`matrix.${value}`) }))}
            value={draft.view}
            onChange={(view) =>
              useFitDraft.setState({ view: view === 'models' ? 'models' : 'methods' })
            }
          />
          <Select
            size="xs"
            w={150}
            aria-label={t('matrix.gpus')}
            allowDeselect={false}
            data={gpuGroups.map((value) => ({ value, label: t(`gpu.group.${value}`) }))}
            value={draft.gpuGroup}
            onChange={(gpuGroup) => gpuGroup && useFitDraft.setState({ gpuGroup })}
          />
          <PictureMenu
            title={t('matrix.pictureTitle', { title })}
            fileName="headroom-fit"
            picture={picture}
            table={() => matrixTable(draft, rows, columns, t('matrix.corner'))}
          />
        </div>
      }
    >
      {isByModel && (
        <TextInput
          type="search"
          size="xs"
          mb={6}
          aria-label={t('matrix.searchModels')}
          placeholder={t('matrix.searchModels')}
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
        />
      )}
      {/* The browser must be able to move the focus into what scrolls. */}
      <div className={classes.scroll} data-tall={isByModel} ref={isByModel ? showChosen : null}>
        <table
          className={classes.matrix}
          aria-label={title}
          style={{ minWidth: headingWidth + columns.length * leastColumnWidth }}
        >
          <thead>
            <tr>
              <th scope="col" className={classes.corner}>
                {t('matrix.unit')}
              </th>
              {columns.map((column) => (
                <ColumnHeading key={column.spec.id} column={column} isChosen={column === gpu} />
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, index) => (
              <HeatRow
                key={row.key}
                row={row}
                index={index}
                draft={draft}
                columns={columns}
                chosenId={row.isChosen ? gpu.spec.id : null}
                isEntry={index === 0 && !rows.some(({ isChosen }) => isChosen)}
                texts={texts}
                onChoose={choose}
              />
            ))}
          </tbody>
        </table>
        {rows.length === 0 && <p className={classes.none}>{t('form.noModel')}</p>}
      </div>
      <p className={classes.legend}>
        <span className={classes.swatch} data-verdict="fits" data-level={2} aria-hidden />
        {t('matrix.legendFits')}
        <span className={classes.swatch} data-verdict="tooCloseToCall" aria-hidden />
        {t('matrix.legendClose')}
        <span className={classes.swatch} data-verdict="doesNotFit" data-level={2} aria-hidden />
        {t('matrix.legendMissing')}
      </p>
    </Panel>
  )
})

const ownKey = ':own'

/** Pixels: what a model's name takes, and what `≈−1.3` takes. */
const headingWidth = 172
const leastColumnWidth = 43

/** Brings the chosen row to the middle of what scrolls, when the list of models is first shown. */
function showChosen(scroll: HTMLDivElement | null): void {
  const row = scroll?.querySelector<HTMLElement>('tr[data-chosen]')
  if (scroll && row) scroll.scrollTop = row.offsetTop - scroll.clientHeight / 2
}

function methodRows(
  draft: FitDraft,
  model: ReadyModel,
  t: TFunction<['fit', 'common']>,
): readonly MatrixRow[] {
  const chosen = chosenMethod(draft)
  return methodsOf(draft).map((id) => ({
    key: id,
    label: t(`method.${id}`),
    detail: t(`methodDetail.${id}`, { precision: draft.precision }),
    method: id,
    model,
    isChosen: id === chosen,
    isFirst: id === 'qlora',
  }))
}

function modelRows(draft: FitDraft, model: ReadyModel, wanted: string): readonly MatrixRow[] {
  const method = chosenMethod(draft)
  const { model: choice } = draft
  const own =
    choice.type === 'catalogue'
      ? []
      : [
          {
            key: ownKey,
            label: model.label,
            detail: formatParameters(model.parameterCount),
            method,
            model,
            isChosen: true,
            isFirst: false,
          },
        ]
  return [
    ...own,
    ...fitModels
      .filter(({ hubName }) => hubName.toLowerCase().includes(wanted))
      .map(({ id, name, parameterCount, resolved }) => ({
        key: id,
        label: name,
        detail: formatParameters(parameterCount),
        method,
        model: { jobModel: { name: id }, resolved },
        isChosen: choice.type === 'catalogue' && choice.id === id,
        isFirst: false,
      })),
  ]
}

/** In GiB, as the corner of the table says. */
const size = (bytes: number | null): string =>
  bytes === null ? '?' : formatSignificant(bytes / GiB)

interface ColumnHeadingProps {
  readonly column: FitGpu
  readonly isChosen: boolean
}

const ColumnHeading = memo(function ColumnHeading({ column, isChosen }: ColumnHeadingProps) {
  const { t } = useTranslation('fit')
  const { shortName, usableBytes, isLocal, spec } = column
  return (
    <th scope="col" data-chosen={isChosen || null} data-local={isLocal || null} title={spec.name}>
      <span className={classes.gpuName}>{shortName}</span>
      <small>{isLocal ? t('gpu.hereShort', { size: size(usableBytes) }) : size(usableBytes)}</small>
    </th>
  )
})
