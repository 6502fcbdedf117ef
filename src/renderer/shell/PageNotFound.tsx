import { useTranslation } from 'react-i18next'
import { Page } from '../components/Page'

export function PageNotFound() {
  const { t } = useTranslation()
  return <Page title={t('error.notFound')} />
}
