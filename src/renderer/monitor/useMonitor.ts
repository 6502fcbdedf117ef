import { useEffect, useState } from 'react'
import { useStore } from 'zustand'
import { useHost } from '../host'
import { createMonitorFeed, type MonitorFeedState } from './monitorFeed'

/** What the GPUs do, followed as long as the component is there. */
export function useMonitor(): MonitorFeedState {
  const host = useHost()
  const [feed] = useState(() => createMonitorFeed(host))
  useEffect(() => {
    const gone = new AbortController()
    void feed.follow(gone.signal)
    return () => gone.abort()
  }, [feed])
  return useStore(feed.store)
}
