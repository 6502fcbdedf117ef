// @ts-check
import { readFileSync } from 'node:fs'

/** @typedef {{ passed: number, failed: number, skipped: readonly string[] }} Counts */

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
    return { passed: 0, failed: 1, skipped: [] }
  }
}

/** @param {any} report of vitest's json reporter @returns {Counts} */
export function vitestCounts(report) {
  /** @type {{ fullName: string, status: string }[]} */
  const tests = report.testResults.flatMap((/** @type {any} */ file) => file.assertionResults)
  return {
    passed: tests.filter(({ status }) => status === 'passed').length,
    failed: tests.filter(({ status }) => status === 'failed').length,
    skipped: tests
      .filter(({ status }) => !['passed', 'failed'].includes(status))
      .map(({ fullName }) => fullName),
  }
}

/** @param {any} report of Playwright's json reporter @returns {Counts} */
export function playwrightCounts({ stats, suites }) {
  const { expected, flaky, unexpected } = stats
  return { passed: expected, failed: unexpected + flaky, skipped: suites.flatMap(skippedTests) }
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
