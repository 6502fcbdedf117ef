/** An event with its place, so that a reader who was away asks for what he missed. */
export interface Numbered<E> {
  readonly sequence: number
  readonly event: E
}

interface EventLogOptions<E> {
  /** A reader further behind gets the picture, not the film. */
  readonly maxKept: number
  /** Everything that happened, as one event; asked for when a reader missed too much. */
  readonly snapshot: () => E
  /** Whether a reader who has seen nothing gets the picture, or every event that is kept. */
  readonly beginsWithSnapshot: boolean
  /** Above every number that an earlier life of this process may have given; 0 where there was none. */
  readonly firstSequence?: number
}

/** Events in order for any number of readers, each at its own pace. */
export interface EventLog<E> {
  readonly isEnded: boolean
  publish(event: E): void
  /** Nothing more will be published: readers end when they have read all. */
  end(): void
  /** Everything after `after` (−1: nothing was seen), then what happens, until the log ends. */
  events(after: number, signal?: AbortSignal): AsyncGenerator<Numbered<E>, void>
}

/**
 * A reader that does not ask costs nothing: events are not queued for anybody, and who comes back too
 * late, or with a number from another life of this process, gets a snapshot.
 */
export function createEventLog<E>(options: EventLogOptions<E>): EventLog<E> {
  const { maxKept, snapshot, beginsWithSnapshot, firstSequence = 0 } = options
  const kept: Numbered<E>[] = []
  const waiting = new Set<() => void>()
  let nextSequence = firstSequence
  let isEnded = false

  function wake(): void {
    for (const resolve of waiting) resolve()
    waiting.clear()
  }

  /** Resolves with the next event or when `signal` aborts. */
  function somethingNew(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        waiting.delete(done)
        signal?.removeEventListener('abort', done)
        resolve()
      }
      waiting.add(done)
      signal?.addEventListener('abort', done, { once: true })
    })
  }

  return {
    get isEnded() {
      return isEnded
    },
    publish(event) {
      kept.push({ sequence: nextSequence, event })
      nextSequence += 1
      // In larger pieces than one, because it moves all that stay.
      if (kept.length > 2 * maxKept) kept.splice(0, kept.length - maxKept)
      wake()
    },
    end() {
      isEnded = true
      wake()
    },
    async *events(after, signal) {
      let seen = after
      let mustPicture = (after < 0 && beginsWithSnapshot) || after >= nextSequence
      while (!signal?.aborted) {
        const first = kept[0]?.sequence ?? nextSequence
        if (mustPicture || seen + 1 < first) {
          mustPicture = false
          seen = nextSequence - 1
          yield { sequence: seen, event: snapshot() }
        } else if (seen + 1 < nextSequence) {
          const numbered = kept[seen + 1 - first]!
          seen = numbered.sequence
          yield numbered
        } else if (isEnded) {
          return
        } else {
          await somethingNew(signal)
        }
      }
    },
  }
}
