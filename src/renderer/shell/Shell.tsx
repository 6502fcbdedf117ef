import { Outlet } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { CommandPalette } from './CommandPalette'
import { ConnectionBanner } from './ConnectionBanner'
import { ViewersBanner } from './ViewersBanner'
import { Header } from './Header'
import { Navigation } from './Navigation'
import classes from './Shell.module.css'
import { usePageKeys } from './usePageKeys'

/** What surrounds every page. */
export function Shell() {
  const { t } = useTranslation()
  usePageKeys()
  return (
    <div className={classes.shell}>
      <a className={classes.skip} href="#content" onClick={focusContent}>
        {t('skipToContent')}
      </a>
      <Header />
      <Navigation />
      <main id="content" tabIndex={-1} className={classes.main}>
        <ConnectionBanner />
        <ViewersBanner />
        <Outlet />
      </main>
      <CommandPalette />
    </div>
  )
}

/** By hand: the fragment belongs to the router. */
function focusContent(event: React.MouseEvent): void {
  event.preventDefault()
  document.getElementById('content')?.focus()
}
