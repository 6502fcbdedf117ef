export type InputErrorCode =
  | 'INVALID_VALUE'
  | 'MISSING_FIELD'
  | 'UNKNOWN_FIELD'
  | 'UNSUPPORTED'
  | 'FILE_UNREADABLE'
  | 'FILE_TOO_LARGE'
  | 'FILE_CORRUPT'
  | 'NOT_FOUND'

export interface InputErrorDetails {
  readonly code: InputErrorCode
  /** What happened with the offending value, and the way out, in one line. */
  readonly message: string
  /** Dotted path of the field inside the input, or null where the whole input is meant. */
  readonly path?: string | null
  /** The file the input came from, or null where it came from elsewhere. */
  readonly file?: string | null
}

/**
 * What somebody gave us is wrong: shown as one line, never with a stack, and nothing is lost.
 * Any other exception is our own bug.
 */
export class InputError extends Error {
  readonly code: InputErrorCode
  readonly path: string | null
  readonly file: string | null

  constructor({ code, message, path = null, file = null }: InputErrorDetails) {
    super(message.replaceAll(/\s*\n\s*/g, ' '))
    this.name = 'InputError'
    this.code = code
    this.path = path
    this.file = file
  }

  /** `file: field: message`, leaving out what is not known. */
  toLine(): string {
    return [this.file, this.path, this.message].filter((part) => part !== null).join(': ')
  }
}

/** Closes a switch over a union: a new member that is not handled does not compile. */
export function assertNever(value: never): never {
  throw new Error(`unexpected value ${JSON.stringify(value)}`)
}
