/** Pixels of a letter at the legend's size, and of an entry's mark with its gaps, on the safe side. */
const letterWidth = 6.2
const markWidth = 42
export const legendRowHeight = 21

/** How many rows a legend of these labels takes in a chart so wide: what lies above makes room for them. */
export function legendRows(labels: readonly string[], width: number): number {
  let rows = 1
  let used = 0
  for (const label of labels) {
    const needed = markWidth + letterWidth * label.length
    if (used > 0 && used + needed > width) {
      rows += 1
      used = 0
    }
    used += needed
  }
  return rows
}

/** Pixels that a narrow chart must be higher for its legend than one whose legend is a single row. */
export function legendExtraHeight(labels: readonly string[]): number {
  return legendRowHeight * (legendRows(labels, narrowChartWidth) - 1)
}

/** Pixels: the narrowest that a chart of a run becomes beside another at the least window width. */
export const narrowChartWidth = 320
