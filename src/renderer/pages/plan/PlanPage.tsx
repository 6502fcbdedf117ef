import { Tabs } from '@mantine/core'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Page } from '../../components/Page'
import { Waiting } from '../../components/Waiting'
import { BenchmarkPlan } from './BenchmarkPlan'

// The textbook brings the table of GPUs along, which the benchmark does without.
const TextbookSection = lazy(async () => ({
  default: (await import('./textbook/TextbookSection')).TextbookSection,
}))

const FormatsSection = lazy(async () => ({
  default: (await import('./formats/FormatsSection')).FormatsSection,
}))

const LimitsSection = lazy(async () => ({
  default: (await import('./limits/LimitsSection')).LimitsSection,
}))

const parts = ['benchmark', 'limits', 'textbook', 'formats'] as const

/** What will be run, and what should come out? */
export function PlanPage() {
  const { t } = useTranslation(['plan', 'common'])
  const [part, setPart] = useState<string | null>('benchmark')
  return (
    <Page title={t('common:navigation.plan')}>
      <Tabs value={part} onChange={setPart} keepMounted={false}>
        <Tabs.List mb="sm" aria-label={t('tabs.label')}>
          {parts.map((name) => (
            <Tabs.Tab key={name} value={name}>
              {t(`tabs.${name}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="benchmark">
          <BenchmarkPlan />
        </Tabs.Panel>
        <Tabs.Panel value="limits">
          <Suspense fallback={<Waiting title={t('common:loading')} />}>
            <LimitsSection />
          </Suspense>
        </Tabs.Panel>
        <Tabs.Panel value="textbook">
          <Suspense fallback={<Waiting title={t('common:loading')} />}>
            <TextbookSection />
          </Suspense>
        </Tabs.Panel>
        <Tabs.Panel value="formats">
          <Suspense fallback={<Waiting title={t('common:loading')} />}>
            <FormatsSection />
          </Suspense>
        </Tabs.Panel>
      </Tabs>
    </Page>
  )
}
