/** Someone who looks at the dashboard over a connection of his own. */
export interface Viewer {
  /** Whether he may start, cancel and delete; the others only look. */
  readonly isInControl: boolean
  readonly viewerCount: number
  /** Says who he is, so that control that was his before a reload is his again. */
  identify(id: string): void
  /** From now on he is the one in control. */
  takeControl(): void
  /** Calls `listener` when either changes, until the returned function is called. */
  listen(listener: () => void): () => void
  leave(): void
}

export interface Viewers {
  join(): Viewer
}

/** Calls `action` after `ms`, unless the returned function is called before. */
export type Schedule = (ms: number, action: () => void) => () => void

/** A reload takes a second, a laptop that changes its network some more. */
export const graceMs = 10_000

const afterTimeout: Schedule = (ms, action) => {
  const timer = setTimeout(action, ms)
  timer.unref()
  return () => clearTimeout(timer)
}

/**
 * Several may look at a box at once, one of them is in control: who came first, until another takes it
 * or he leaves, when it goes to who has been there longest. For one who said who he is it is kept a
 * moment: he may only be loading his page again.
 */
export function createViewers(schedule: Schedule = afterTimeout): Viewers {
  const present: { id: string | null }[] = []
  const listeners = new Set<() => void>()
  let controller: (typeof present)[number] | null = null
  let kept: { readonly id: string; readonly cancel: () => void } | null = null

  function change(next: typeof controller): void {
    kept?.cancel()
    kept = null
    controller = next
    tell()
  }

  function tell(): void {
    for (const listener of listeners) listener()
  }

  function keepFor(id: string): void {
    change(null)
    kept = { id, cancel: schedule(graceMs, () => change(present[0] ?? null)) }
  }

  return {
    join() {
      const own: (typeof present)[number] = { id: null }
      present.push(own)
      if (controller === null && (kept === null || present.length === 1)) change(own)
      else tell()
      return {
        get isInControl() {
          return controller === own
        },
        get viewerCount() {
          return present.length
        },
        identify(id) {
          own.id = id
          // His connection of before may not have been noticed to be gone yet.
          if (kept?.id === id || controller?.id === id) change(own)
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
          if (controller !== own) tell()
          else if (own.id === null || present.length === 0) change(present[0] ?? null)
          else keepFor(own.id)
        },
      }
    },
  }
}

/** What a viewer is told of himself, now and whenever it changes, until `signal` aborts. */
export async function* followViewer(
  viewer: Viewer | undefined,
  viewerId: string | null,
  signal: AbortSignal | undefined,
): AsyncGenerator<{ readonly viewerCount: number; readonly isInControl: boolean }, void> {
  let wake = (): void => {}
  if (viewerId !== null) viewer?.identify(viewerId)
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
