import { ORPCError, os, ValidationError } from '@orpc/server'
import { InputError } from '../core/errors'

/** Answers what is wrong with an input by one line, whoever found out: a schema, a file, the engine. */
export const answerInputErrors = os.middleware(async ({ next }) => {
  try {
    return await next()
  } catch (error) {
    throw asAnswer(error)
  }
})

function asAnswer(error: unknown): unknown {
  if (error instanceof InputError) {
    const { message, path, file } = error
    return badInput(message, path, file)
  }
  if (error instanceof ORPCError && error.code === 'BAD_REQUEST') {
    const issue = error.cause instanceof ValidationError ? error.cause.issues[0] : undefined
    if (!issue) return error
    const path = (issue.path ?? [])
      .map((key) => String(typeof key === 'object' ? key.key : key))
      .join('.')
    return badInput(issue.message, path === '' ? null : path, null)
  }
  return error
}

function badInput(
  message: string,
  path: string | null,
  file: string | null,
): ORPCError<string, unknown> {
  return new ORPCError('BAD_INPUT', { message, data: { path, file } })
}
