export type LabelPlace = 'right' | 'top' | 'bottom'

/**
 * Where the name of each point stands: precisions of like speed lie on each other, their names must
 * not. The rightmost has its name at its right, the others above and below in turn.
 */
export function labelPlaces(positions: readonly number[]): LabelPlace[] {
  const byPosition = positions
    .map((position, index) => ({ position, index }))
    // In place: reports are opened in browsers older than toSorted.
    .sort((a, b) => a.position - b.position)
    .map(({ index }) => index)
  return positions.map((_position, index) => {
    const rank = byPosition.indexOf(index)
    if (rank === positions.length - 1) return 'right'
    return rank % 2 === 0 ? 'top' : 'bottom'
  })
}
