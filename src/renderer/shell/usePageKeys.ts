import { useHotkeys } from '@mantine/hooks'
import { spotlight } from '@mantine/spotlight'
import { useNavigate } from '@tanstack/react-router'
import { navigation } from '../navigation'

/** 1…9 for the pages, R for the plan's Run button, / for the page's own search or the palette. */
export function usePageKeys(): void {
  const navigate = useNavigate()
  useHotkeys([
    ...navigation
      .slice(0, 9)
      .map(({ path }, index): [string, () => void] => [
        String(index + 1),
        () => void navigate({ to: path }),
      ]),
    ['R', () => void navigate({ to: '/plan' })],
    ['/', openSearch],
  ])
}

function openSearch(): void {
  const search = document.querySelector<HTMLElement>('main input[type=search]')
  if (search) search.focus()
  else spotlight.open()
}
