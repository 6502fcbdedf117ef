import { memo, useMemo } from 'react'
import type { Verdict } from '../../../core/estimate/estimate'
import type { FitDraft } from './fitDraft'
import type { FitGpu } from './fitGpus'
import classes from './FitMatrix.module.css'
import type { MatrixRow } from './FitMatrix'
import { heatCell, refusedCell } from './heatCell'
import { moveFocus } from './moveFocus'
import { rowFits } from './rowFits'

/** What a cell is called for those who do not see its colour. */
export type HeatRowTexts = Readonly<Record<Verdict | 'unknown' | 'refused', string>>

interface HeatRowProps {
  readonly row: MatrixRow
  readonly index: number
  readonly draft: FitDraft
  readonly columns: readonly FitGpu[]
  /** The GPU of the chosen cell where it is in this row. */
  readonly chosenId: string | null
  /** Whether the keyboard enters the grid here. */
  readonly isEntry: boolean
  readonly texts: HeatRowTexts
  readonly onChoose: (row: MatrixRow, column: FitGpu) => void
}

/**
 * One estimate and its comparison with every GPU. Rows estimate for themselves, so that between two
 * of them the page can answer the slider.
 */
export function HeatRow(props: HeatRowProps) {
  const { row, index, draft, columns, chosenId, isEntry, texts, onChoose } = props
  const { method, model } = row
  const { jobModel, resolved } = model
  const answer = useMemo(
    () => rowFits(draft, { method, model: { jobModel, resolved } }, columns),
    [draft, method, jobModel, resolved, columns],
  )
  return (
    <tr data-chosen={row.isChosen || null} data-first={row.isFirst || null}>
      <th scope="row" title={answer.problem ?? row.label}>
        <span>{row.label}</span>
        <small>{row.detail}</small>
      </th>
      {columns.map((column, at) => {
        const { text, verdict, level } =
          answer.problem === null ? heatCell(answer.fits[at] ?? null) : refusedCell
        const word = answer.problem === null ? texts[verdict ?? 'unknown'] : texts.refused
        return (
          <Cell
            key={column.spec.id}
            text={text}
            verdict={verdict}
            level={level}
            name={`${row.label}, ${column.shortName}: ${text}, ${word}`}
            isChosen={column.spec.id === chosenId}
            isEntry={isEntry && at === 0}
            rowIndex={index}
            columnIndex={at}
            onChoose={() => onChoose(row, column)}
          />
        )
      })}
    </tr>
  )
}

interface CellProps {
  readonly text: string
  readonly verdict: Verdict | null
  readonly level: number
  readonly name: string
  readonly isChosen: boolean
  readonly isEntry: boolean
  readonly rowIndex: number
  readonly columnIndex: number
  readonly onChoose: () => void
}

const Cell = memo(
  function Cell(props: CellProps) {
    const { text, verdict, level, name, isChosen, isEntry, rowIndex, columnIndex, onChoose } = props
    return (
      <td>
        <button
          type="button"
          className={classes.cell}
          data-verdict={verdict}
          data-level={level}
          data-long={text.length > 4 || null}
          data-row={rowIndex}
          data-column={columnIndex}
          tabIndex={isChosen || isEntry ? 0 : -1}
          aria-label={name}
          aria-pressed={isChosen}
          onClick={onChoose}
          onKeyDown={moveFocus}
        >
          {text}
        </button>
      </td>
    )
  },
  // What is done on a click depends on the row and the column alone, which `name` tells.
  (before, after) =>
    before.name === after.name &&
    before.level === after.level &&
    before.isChosen === after.isChosen &&
    before.isEntry === after.isEntry &&
    before.rowIndex === after.rowIndex &&
    before.columnIndex === after.columnIndex,
)
