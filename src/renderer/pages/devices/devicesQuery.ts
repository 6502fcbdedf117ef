import { queryOptions, type QueryClient } from '@tanstack/react-query'
import type { HostClient } from '../../client'

const queryKey = ['devices']
const doctorKey = ['doctor']

/** What this machine has; detection takes a second or two, so the host keeps its answer. */
export function devicesQuery(client: HostClient) {
  return queryOptions({
    queryKey,
    queryFn: () => client.devices({ refresh: false }),
    staleTime: Number.POSITIVE_INFINITY,
  })
}

/** Driver, folders and what was set up, over the providers as they are known. */
export function doctorQuery(client: HostClient) {
  return queryOptions({
    queryKey: doctorKey,
    queryFn: () => client.doctor({ refresh: false }),
    staleTime: Number.POSITIVE_INFINITY,
  })
}

/** Asks every source anew. */
export async function detectAgain(queries: QueryClient, client: HostClient): Promise<void> {
  queries.setQueryData(queryKey, await client.devices({ refresh: true }))
  await queries.invalidateQueries({ queryKey: doctorKey })
}
