import { ORPCError } from '@orpc/client'
import { InputError } from '../core/errors'
import { plainText } from '../core/report/plainText'
import { exitCodes, type ExitCode } from './exitCodes'

export interface ErrorAnswer {
  readonly code: ExitCode
  /** For a person: one line where the input is to blame, the stack where we are. */
  readonly text: string
}

/** What is printed for an exception, and the exit code. */
export function explainError(error: unknown): ErrorAnswer {
  if (error instanceof InputError) {
    // Names come from files of strangers, and a terminal obeys what is hidden in them.
    return { code: exitCodes.badInput, text: plainText(error.toLine()) }
  }
  if (error instanceof ORPCError && error.code !== 'INTERNAL_SERVER_ERROR') {
    return {
      code: exitCodes.badInput,
      text: procedureErrorLine(error as ORPCError<string, unknown>),
    }
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return { code: exitCodes.no, text: `an error of Headroom itself: ${text}` }
}

/** Procedures name the file and the field beside what is wrong with them. */
function procedureErrorLine({ data, message }: ORPCError<string, unknown>): string {
  const { file, path } = (data ?? {}) as { file?: string | null; path?: string | null }
  return [file, path, message]
    .filter(Boolean)
    .join(': ')
    .replaceAll(/\s*\n\s*/g, ' ')
}
