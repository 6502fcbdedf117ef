/** At most `count` (2 or more) of `values`, at equal distances, in their order, with the first and the last. */
export function selectEvenly<T>(values: readonly T[], count: number): readonly T[] {
  if (values.length <= count) return values
  return Array.from(
    { length: count },
    (_, i) => values[Math.round((i * (values.length - 1)) / (count - 1))]!,
  )
}
