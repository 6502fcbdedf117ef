import { queryOptions } from '@tanstack/react-query'
import type { RecordedSpan } from '../../../protocol/recordings'
import type { HostClient } from '../../client'
import { saveFile } from '../../charts/giveAway'

/** First part of every key about recordings. */
export const recordingsKey = ['recordings'] as const

/** One line per recording; one that goes on grows. */
export function recordingsQuery(client: HostClient) {
  return queryOptions({
    queryKey: [...recordingsKey, 'list'],
    queryFn: () => client.recordings.list(),
    refetchInterval: ({ state }) => (state.data?.some(({ isRunning }) => isRunning) ? 5000 : false),
  })
}

export function recordingQuery(client: HostClient, id: string) {
  return queryOptions({
    queryKey: [...recordingsKey, 'one', id],
    queryFn: () => client.recordings.get({ id }),
  })
}

/** @param endMs of the recording, which grows while it goes on */
export function linesQuery(client: HostClient, span: RecordedSpan, endMs: number) {
  return queryOptions({
    queryKey: [...recordingsKey, 'lines', span, endMs],
    queryFn: () => client.recordings.lines(span),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
  })
}

/** Saves the file of a recording, which comes in pieces: a viewer may only have so much on its way. */
export async function downloadRecording(client: HostClient, id: string): Promise<void> {
  const pieces: Blob[] = []
  for (let offset: number | null = 0; offset !== null;) {
    const { content, nextOffset }: { content: Blob; nextOffset: number | null } =
      await client.recordings.read({ id, offset })
    pieces.push(content)
    offset = nextOffset
  }
  saveFile(new Blob(pieces, { type: 'application/octet-stream' }), `${id}.hmon`)
}
