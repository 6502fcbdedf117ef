import { QueryClient } from '@tanstack/react-query'
import type { Host } from './client'

/** Answers of the host, kept while the page lives. The host tells what changes; nothing is polled. */
export function createPageQueries({ connection }: Pick<Host, 'connection'>): QueryClient {
  const queries = new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 30_000,
        retry: false, // an error of the host is an answer; a lost connection is mended below
        refetchOnWindowFocus: false,
        networkMode: 'always', // the host is on this machine or behind our own socket
      },
      mutations: { networkMode: 'always' },
    },
  })
  connection?.status.subscribe((status, before) => {
    if (status === 'open' && before === 'reconnecting') void queries.invalidateQueries()
  })
  return queries
}
