import { ORPCError, os } from '@orpc/server'
import { InputError } from '../core/errors'

/** Lets what is wrong with an input reach the application in its own words. */
export const answerInputErrors = os.middleware(async ({ next }) => {
  try {
    return await next()
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    const { message, path, file } = error
    throw new ORPCError('BAD_INPUT', { message, data: { path, file }, cause: error })
  }
})
