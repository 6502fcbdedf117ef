/** Events of something that goes on, for one listener who may be slower than they come. */
export interface EventQueue<Event> {
  push(event: Event): void
  /** No more will come; with an error the listener is told. */
  end(error?: unknown): void
  /** All events, each once, until the end. */
  read(): AsyncGenerator<Event, void>
}

export function createEventQueue<Event>(): EventQueue<Event> {
  const waiting: Event[] = []
  let ended: { readonly error?: unknown } | null = null
  let wake = () => {}
  return {
    push(event) {
      waiting.push(event)
      wake()
    },
    end(error) {
      ended ??= error === undefined ? {} : { error }
      wake()
    },
    async *read() {
      for (;;) {
        while (waiting.length > 0) yield waiting.shift()!
        if (ended) {
          if ('error' in ended) throw ended.error
          return
        }
        await new Promise<void>((resolve) => (wake = resolve))
      }
    },
  }
}
