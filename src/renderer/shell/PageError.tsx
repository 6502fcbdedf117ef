import { Button } from '@mantine/core'
import type { ErrorComponentProps } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { errorLine } from '../components/errorLine'
import { Problem } from '../components/Problem'

/** A page whose code threw: our own bug, shown without taking the rest along. */
export function PageError({ error, reset }: ErrorComponentProps) {
  const { t } = useTranslation()
  return (
    <Problem page={t('appName')} title={t('error.page')} message={errorLine(error)}>
      <Button variant="default" size="xs" onClick={reset}>
        {t('error.retry')}
      </Button>
    </Problem>
  )
}
