// @ts-check
import { readFileSync } from 'node:fs'
import { stripVTControlCharacters } from 'node:util'

/**
 * @typedef {{ passed: number, failed: number, skipped: readonly string[], failures: readonly string[] }} Counts
 * `failures` names what failed; a runner that died fails without a name.
 */

/**
 * What a runner's JSON report counts. A runner that died before it could report is one failure, and
 * so is one that reports no failed test yet ended with an error (a file that did not load).
 * @param {string} file
 * @param {boolean} succeeded by the runner's exit code
 * @param {(report: any) => Counts} read
 * @returns {Counts}
 */
export function countTests(file, succeeded, read) {
  try {
    const counts = read(JSON.parse(readFileSync(file, 'utf8')))
    return succeeded ? counts : { ...counts, failed: Math.max(counts.failed, 1) }
  } catch {
    return { passed: 0, failed: 1, skipped: [], failures: [] }
  }
}

/** @param {any} report of vitest's json reporter @returns {Counts} */
export function vitestCounts(report) {
  /** @type {{ fullName: string, status: string, failureMessages?: string[] }[]} */
  const tests = report.testResults.flatMap((/** @type {any} */ file) => file.assertionResults)
  const failed = tests.filter(({ status }) => status === 'failed')
  return {
    passed: tests.filter(({ status }) => status === 'passed').length,
    failed: failed.length,
    skipped: tests
      .filter(({ status }) => !['passed', 'failed'].includes(status))
      .map(({ fullName }) => fullName),
    failures: failed.map(({ fullName, failureMessages: [message = ''] = [] }) =>
      withMessage(fullName, message),
    ),
  }
}

/** @param {any} report of Playwright's json reporter @returns {Counts} */
export function playwrightCounts({ stats, suites }) {
  const { expected, flaky, unexpected } = stats
  return {
    passed: expected,
    failed: unexpected + flaky,
    skipped: suites.flatMap(skippedTests),
    failures: suites.flatMap(failedTests),
  }
}

/** @param {any} suite @returns {string[]} titles of failed tests with the errors they ended with */
function failedTests({ specs = [], suites = [] }) {
  const here = specs.flatMap((/** @type {any} */ { title, tests }) =>
    tests
      .filter((/** @type {any} */ { status }) => ['unexpected', 'flaky'].includes(status))
      .map((/** @type {any} */ { projectName, results }) =>
        withMessage(
          `${projectName}: ${title}`,
          results.find((/** @type {any} */ { error }) => error)?.error.message ?? '',
        ),
      ),
  )
  return [...here, ...suites.flatMap(failedTests)]
}

/** @param {string} title @param {string} message of which the first lines tell what happened */
function withMessage(title, message) {
  const lines = stripVTControlCharacters(message)
    .split('\n')
    .filter((line) => line.trim())
  return [title, ...lines.slice(0, 8).map((line) => `    ${line.slice(0, 300)}`)].join('\n')
}

/** @param {any} suite @returns {string[]} titles of skipped tests with the reasons they gave */
function skippedTests({ specs = [], suites = [] }) {
  const here = specs.flatMap((/** @type {any} */ { title, tests }) =>
    tests
      .filter((/** @type {any} */ { status }) => status === 'skipped')
      .map((/** @type {any} */ { annotations, projectName }) => {
        const reason = annotations.find((/** @type {any} */ { type }) => type === 'skip')
        return `${projectName}: ${title}: ${reason?.description ?? 'no reason given'}`
      }),
  )
  return [...here, ...suites.flatMap(skippedTests)]
}
