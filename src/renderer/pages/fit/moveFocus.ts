import type { KeyboardEvent } from 'react'

const moves: Readonly<Record<string, readonly [rows: number, columns: number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
}

/** Arrow keys move through the buttons of a table that carry `data-row` and `data-column`. */
export function moveFocus(event: KeyboardEvent<HTMLElement>): void {
  const move = Object.hasOwn(moves, event.key) ? moves[event.key] : undefined
  const from = event.currentTarget
  if (!move) return
  const row = Number(from.dataset.row) + move[0]
  const column = Number(from.dataset.column) + move[1]
  const to = from
    .closest('table')
    ?.querySelector<HTMLElement>(`[data-row="${row}"][data-column="${column}"]`)
  if (!to) return
  event.preventDefault()
  to.focus()
}
