import { Button, Kbd } from '@mantine/core'
import { useDebouncedValue, useHotkeys } from '@mantine/hooks'
import IconPlayerPlay from '@tabler/icons-react/dist/esm/icons/IconPlayerPlay.mjs'
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { errorLine, refusedField } from '../../components/errorLine'
import { Verdict } from '../../components/Verdict'
import { Waiting } from '../../components/Waiting'
import { useHost } from '../../host'
import classes from './BenchmarkPlan.module.css'
import { checkDraft } from './draft'
import { useDraft } from './draftStore'
import { planQuery } from './planQuery'
import { PlanSteps } from './PlanSteps'
import { PlanVerdictLine } from './PlanVerdictLine'
import { planVerdict } from './planVerdict'
import { useStartRun } from './useStartRun'
import { WorkloadForm } from './WorkloadForm'

/** Typing pauses this long before the host is asked. */
const debounceMs = 150

export function BenchmarkPlan() {
  const { t } = useTranslation('plan')
  const { client } = useHost()
  const draft = useDraft()
  const checked = useMemo(() => checkDraft(draft), [draft])
  const [workload] = useDebouncedValue(checked.workload, debounceMs)
  const { data: plan, error, isPlaceholderData } = useQuery(planQuery(client, workload))
  const start = useStartRun()

  const verdict = plan && planVerdict(plan)
  const isReady =
    checked.workload !== null && !error && verdict !== undefined && verdict.runnableCount > 0
  const run = () => {
    if (isReady && !start.isPending) start.mutate(checked.workload)
  }
  useHotkeys([['R', run]])

  const problem = start.error ?? error
  const button = (
    <Button
      size="md"
      leftSection={<IconPlayerPlay size={16} aria-hidden />}
      rightSection={<Kbd size="xs">R</Kbd>}
      aria-keyshortcuts="R"
      disabled={!isReady}
      loading={start.isPending}
      onClick={run}
    >
      {t('run')}
    </Button>
  )
  return (
    <div className={classes.layout}>
      <div className={classes.verdict}>
        {problem ? (
          <Verdict tone="bad" detail={refusedField(problem)?.path} action={button}>
            {errorLine(problem)}
          </Verdict>
        ) : (
          <PlanVerdictLine plan={plan} isInvalid={checked.workload === null} action={button} />
        )}
      </div>
      <WorkloadForm problems={checked.problems} />
      {plan ? (
        <PlanSteps plan={plan} isStale={checked.workload === null || isPlaceholderData} />
      ) : (
        <Waiting title={t('estimating')} />
      )}
    </div>
  )
}
