import type { Architecture } from './architecture'

/**
 * `make`, remembering its answers for each architecture and key: a sweep asks for the shapes of one
 * model many times, and an architecture never changes. It is forgotten together with its architecture.
 */
export function perArchitecture<Key, Answer>(
  make: (a: Architecture, key: Key) => Answer,
): (a: Architecture, key: Key) => Answer {
  const known = new WeakMap<Architecture, Map<Key, Answer>>()
  return (a, key) => {
    let ofModel = known.get(a)
    if (ofModel === undefined) {
      ofModel = new Map()
      known.set(a, ofModel)
    }
    const found = ofModel.get(key)
    if (found !== undefined) return found
    const made = make(a, key)
    ofModel.set(key, made)
    return made
  }
}
