/** `2026-01-31 14:05` in the time zone of the person: short, and in the order in which it sorts. */
export function formatTime(isoTime: string): string {
  const time = new Date(isoTime)
  if (Number.isNaN(time.getTime())) return isoTime
  const two = (value: number) => String(value).padStart(2, '0')
  const day = [time.getFullYear(), two(time.getMonth() + 1), two(time.getDate())].join('-')
  return `${day} ${two(time.getHours())}:${two(time.getMinutes())}`
}
