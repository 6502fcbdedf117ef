import { create } from 'zustand'
import { readPreference, writePreference } from '../../preferences'
import { type Draft, restoreDraft } from './draft'

/** What stands in the form, kept from visit to visit: nothing that was entered is lost. */
export const useDraft = create<Draft>(() => restoreDraft(readStored()))

useDraft.subscribe((draft) => writePreference('draft', JSON.stringify(draft)))

function readStored(): unknown {
  try {
    return JSON.parse(readPreference('draft') ?? 'null')
  } catch {
    return null
  }
}
