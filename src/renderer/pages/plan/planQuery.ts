import { keepPreviousData, queryOptions, skipToken } from '@tanstack/react-query'
import type { Workload } from '../../../core/plan/workload'
import type { HostClient } from '../../client'

/** The plan of a workload; the last one stays while the next is asked for, or where there is none. */
export function planQuery(client: HostClient, workload: Workload | null) {
  return queryOptions({
    queryKey: ['plan', workload],
    queryFn: workload ? ({ signal }) => client.plan(workload, { signal }) : skipToken,
    placeholderData: keepPreviousData,
    staleTime: 10_000, // how much memory is free changes
  })
}
