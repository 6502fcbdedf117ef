import { useTranslation } from 'react-i18next'
import { Page } from '../../components/Page'

export function PlanPage() {
  const { t } = useTranslation()
  return <Page title={t('navigation.plan')} />
}
