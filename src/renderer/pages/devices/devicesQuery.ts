import { queryOptions, type QueryClient } from '@tanstack/react-query'
import type { HostClient } from '../../client'

const queryKey = ['devices']

/** What this machine has; detection takes a second or two, so the host keeps its answer. */
export function devicesQuery(client: HostClient) {
  return queryOptions({
    queryKey,
    queryFn: () => client.devices({ refresh: false }),
    staleTime: Number.POSITIVE_INFINITY,
  })
}

/** Asks every source anew. */
export async function detectAgain(queries: QueryClient, client: HostClient): Promise<void> {
  queries.setQueryData(queryKey, await client.devices({ refresh: true }))
}
