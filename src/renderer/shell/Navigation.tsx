import { Tooltip, VisuallyHidden } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { navigation } from '../navigation'
import { useIsRunning } from '../run/useRun'
import classes from './Shell.module.css'

/** The pages, in the journey's order. In a narrow window they are icons, named on hover and focus. */
export function Navigation() {
  const { t } = useTranslation()
  const isNarrow = useMediaQuery('(max-width: 1023px)') ?? false
  const isRunning = useIsRunning()
  return (
    <nav className={classes.navigation} aria-label={t('navigation.label')}>
      {navigation.map(({ path, labelKey, icon: Icon }, index) => (
        <Tooltip
          key={path}
          label={t(`navigation.${labelKey}`)}
          position="right"
          disabled={!isNarrow}
        >
          <Link to={path} className={classes.link} aria-keyshortcuts={String(index + 1)}>
            <Icon size={17} stroke={1.75} aria-hidden />
            <span className={classes.label}>{t(`navigation.${labelKey}`)}</span>
            {path === '/run' && isRunning ? (
              <span className={classes.live}>
                <VisuallyHidden>{t('running')}</VisuallyHidden>
              </span>
            ) : (
              <kbd className={classes.key} aria-hidden>
                {index + 1}
              </kbd>
            )}
          </Link>
        </Tooltip>
      ))}
    </nav>
  )
}
