import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { countTests, playwrightCounts, vitestCounts } from './testCounts.mjs'

const folder = mkdtempSync(join(tmpdir(), 'headroom-counts-'))
afterAll(() => rmSync(folder, { recursive: true }))

function report(content: unknown): string {
  const file = join(folder, 'report.json')
  writeFileSync(file, JSON.stringify(content))
  return file
}

it("sums vitest's tests over its files and names the skipped ones", () => {
  const test = (fullName: string, status: string) => ({
    fullName,
    status,
    failureMessages: status === 'failed' ? ['expected 1 to be 2'] : [],
  })
  const file = report({
    testResults: [
      { assertionResults: [test('a', 'passed'), test('b', 'failed')] },
      { assertionResults: [test('c', 'passed'), test('gpu: d', 'skipped'), test('e', 'todo')] },
    ],
  })
  expect(countTests(file, false, vitestCounts)).toEqual({
    passed: 2,
    failed: 1,
    skipped: ['gpu: d', 'e'],
    failures: ['b\n    expected 1 to be 2'],
  })
})

it("counts Playwright's flaky tests as failed and gives the reason of a skipped one, the error of a failed one", () => {
  const tests = [
    { status: 'unexpected', projectName: 'web', results: [{ error: { message: 'timed out' } }] },
    {
      status: 'skipped',
      projectName: 'web',
      annotations: [{ type: 'skip', description: 'no browser' }],
    },
  ]
  const file = report({
    stats: { expected: 3, unexpected: 1, flaky: 1, skipped: 1 },
    suites: [{ suites: [{ specs: [{ title: 'journey', tests }] }] }],
  })
  expect(countTests(file, false, playwrightCounts)).toEqual({
    passed: 3,
    failed: 2,
    skipped: ['web: journey: no browser'],
    failures: ['web: journey\n    timed out'],
  })
})

it('counts a runner that left no report, or failed without a failed test, as one failure', () => {
  expect(countTests(join(folder, 'missing.json'), true, vitestCounts).failed).toBe(1)
  const empty = report({ testResults: [] })
  expect(countTests(empty, false, vitestCounts)).toMatchObject({
    passed: 0,
    failed: 1,
    skipped: [],
  })
  expect(countTests(empty, true, vitestCounts)).toMatchObject({ passed: 0, failed: 0, skipped: [] })
})
