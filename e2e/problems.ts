import { expect, type BrowserContext } from 'playwright/test'

/** What a page's console says that nobody should have to read. */
export interface Problems {
  /** Fails where there was any error, warning or uncaught exception. */
  expectNone(): void
}

/** Collects from every page of the context, from its first line on. */
export function watchForProblems(context: BrowserContext): Problems {
  const problems: string[] = []
  context.on('console', (message) => {
    if (['error', 'warning'].includes(message.type()))
      problems.push(`${message.type()}: ${message.text()}`)
  })
  context.on('weberror', (webError) => problems.push(String(webError.error())))
  return { expectNone: () => expect(problems).toEqual([]) }
}
