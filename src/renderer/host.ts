import { createContext, useContext } from 'react'
import type { Host } from './client'

export const HostContext = createContext<Host | null>(null)

/** The application behind this page; tests put one of their own into `HostContext`. */
export function useHost(): Host {
  const host = useContext(HostContext)
  if (!host) throw new Error('no host: wrap the tree in HostContext')
  return host
}
