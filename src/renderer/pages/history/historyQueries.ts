import { queryOptions } from '@tanstack/react-query'
import type { HostClient } from '../../client'

/** Every stored run, one line each; asked anew when a run has ended. */
export function historyQuery(client: HostClient) {
  return queryOptions({ queryKey: ['history'], queryFn: () => client.history.list() })
}

/** One stored run, whole; what is stored does not change. */
export function recordQuery(client: HostClient, id: string) {
  return queryOptions({
    queryKey: ['record', id],
    queryFn: () => client.history.get({ id }),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000, // a run carries every sample: not too many at a time
  })
}
