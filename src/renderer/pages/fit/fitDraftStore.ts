import { create } from 'zustand'
import { readPreference, writePreference } from '../../preferences'
import { type FitDraft, restoreFitDraft } from './fitDraft'

/** What is chosen on the page Fit, kept while other pages are shown and from visit to visit. */
export const useFitDraft = create<FitDraft>(() => restoreFitDraft(readStored()))

// A slider moves many times a second, and what it passes need not be remembered.
let writing: ReturnType<typeof setTimeout> | undefined
useFitDraft.subscribe((draft) => {
  clearTimeout(writing)
  writing = setTimeout(() => writePreference('fit', JSON.stringify(draft)), 250)
})

function readStored(): unknown {
  try {
    return JSON.parse(readPreference('fit') ?? 'null')
  } catch {
    return null
  }
}
