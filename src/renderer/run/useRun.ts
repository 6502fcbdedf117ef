export function useIsRunning(): boolean {
  return false
}
