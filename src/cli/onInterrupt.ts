/** Calls back at the first interrupt; the second one ends the process as if nobody listened. */
export function onInterrupt(callback: () => void): () => void {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  const stop = () => signals.forEach((signal) => process.off(signal, interrupted))
  const interrupted = () => {
    stop()
    callback()
  }
  for (const signal of signals) process.on(signal, interrupted)
  return stop
}
