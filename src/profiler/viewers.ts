/** Someone who looks at the dashboard over a connection of his own. */
export interface Viewer {
  /** Whether he may start, cancel and delete; the others only look. */
  readonly isInControl: boolean
  readonly viewerCount: number
  /** From now on he is the one in control. */
  takeControl(): void
  /** Calls `listener` when either changes, until the returned function is called. */
  listen(listener: () => void): () => void
  leave(): void
}

export interface Viewers {
  join(): Viewer
}

/**
 * Several may look at a box at once, one of them is in control: who came first, until another takes it
 * or he leaves, when it goes to who has been there longest.
 */
export function createViewers(): Viewers {
  const present: symbol[] = []
  const listeners = new Set<() => void>()
  let controller: symbol | null = null

  function change(next: symbol | null): void {
    controller = next
    for (const listener of listeners) listener()
  }

  return {
    join() {
      const own = Symbol('viewer')
      present.push(own)
      change(controller ?? own)
      return {
        get isInControl() {
          return controller === own
        },
        get viewerCount() {
          return present.length
        },
        takeControl: () => change(own),
        listen(listener) {
          listeners.add(listener)
          return () => void listeners.delete(listener)
        },
        leave() {
          const place = present.indexOf(own)
          if (place < 0) return
          present.splice(place, 1)
          change(controller === own ? (present[0] ?? null) : controller)
        },
      }
    },
  }
}

/** What a viewer is told of himself, now and whenever it changes, until `signal` aborts. */
export async function* followViewer(
  viewer: Viewer | undefined,
  signal: AbortSignal | undefined,
): AsyncGenerator<{ readonly viewerCount: number; readonly isInControl: boolean }, void> {
  let wake = (): void => {}
  const stop = viewer?.listen(() => wake())
  signal?.addEventListener('abort', () => wake(), { once: true })
  try {
    while (!signal?.aborted) {
      const changed = new Promise<void>((resolve) => {
        wake = resolve
      })
      // A window of the desktop is alone with its application.
      const { viewerCount = 1, isInControl = true } = viewer ?? {}
      yield { viewerCount, isInControl }
      if (!signal?.aborted) await changed
    }
  } finally {
    stop?.()
  }
}
