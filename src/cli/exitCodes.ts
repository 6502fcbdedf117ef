/** What the shell gets to hear; other programs rely on these. */
export const exitCodes = {
  ok: 0,
  /** The answer is no: a run failed, a comparison regressed. Also an error of our own. */
  no: 1,
  badInput: 2,
  /** The interval of an estimate holds the limit. */
  tooClose: 3,
  cancelled: 130,
} as const
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]
