import { create } from 'zustand'

/** The config.json that somebody is about to use: what was pasted stays, right or wrong. */
export const useOwnConfig = create<{ readonly name: string; readonly text: string }>(() => ({
  name: 'config.json',
  text: '',
}))
