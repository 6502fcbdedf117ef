import { InputError } from '../../core/errors'
import type { CudaSetupError, CudaSetupErrorCode } from '../../protocol/cudaSetup'

/** Why a set-up ended early: an answer for a person, not an error of ours. */
export class SetupFailure extends Error {
  readonly code: CudaSetupErrorCode
  readonly details: string | null

  constructor(code: CudaSetupErrorCode, message: string, details: string | null = null) {
    super(message)
    this.name = 'SetupFailure'
    this.code = code
    this.details = details
  }
}

/** Any exception of a set-up as its answer; a disk may be full at every write. */
export function asSetupError(error: unknown, folder: string, signal?: AbortSignal): CudaSetupError {
  // Whatever a cancelled step complains of, the cancelling is the cause.
  if (signal?.aborted)
    return {
      code: 'CANCELLED',
      message: 'cancelled; what is complete is kept for the next time',
      details: null,
    }
  if (error instanceof SetupFailure) {
    const { code, message, details } = error
    return { code, message, details }
  }
  if (error instanceof InputError) return { code: 'FAILED', message: error.toLine(), details: null }
  const { code, message } = error as NodeJS.ErrnoException
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return { code: 'DISK_FULL', message: diskFullLine(folder), details: message }
  if (code === 'EACCES' || code === 'EROFS' || code === 'EPERM')
    return {
      code: 'FAILED',
      message: `${folder} cannot be written to; set HEADROOM_DATA to a folder that can`,
      details: message,
    }
  return { code: 'FAILED', message, details: null }
}

export function diskFullLine(folder: string, neededBytes: string | null = null): string {
  const need = neededBytes === null ? '' : ` ${neededBytes} more are needed;`
  return `the disk of ${folder} is full;${need} free some, or set HEADROOM_DATA to a folder on another disk, then run it again`
}
