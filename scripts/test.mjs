// @ts-check
// `npm test`: everything that is checked, in one command, on a machine that has Node and little else.
// What the checks need and the machine lacks is installed where that can be done; what cannot be had
// is skipped aloud. The last line is `N passed, N failed, N skipped`, summed over all runners.
import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { runScript } from './commands.mjs'
import { prepareCudaStub } from './prepareCudaStub.mjs'
import { prepareDebianPackages } from './prepareDebianPackages.mjs'
import { prepareElectronRuntime } from './prepareElectronRuntime.mjs'
import { countTests, playwrightCounts, vitestCounts } from './testCounts.mjs'
import { openVirtualDisplay } from './virtualDisplay.mjs'

const root = join(import.meta.dirname, '..')
process.chdir(root)
const results = join(root, 'test-results')
rmSync(results, { recursive: true, force: true })
mkdirSync(results, { recursive: true })

const sum = { passed: 0, failed: 0 }
/** @type {string[]} */
const skipped = []
/** @type {string[]} */
const failures = []

/** @param {string} title */
function announce(title) {
  console.log(`\n── ${title} ──`)
}

/** Runs a script that either passes or does not. @param {string} script */
function check(script) {
  announce(script)
  const failure = runScript(script)
  if (failure) {
    sum.failed += 1
    failures.push(script)
    return false
  }
  sum.passed += 1
  console.log(`${script}: passed`)
  return true
}

/**
 * @param {string} name
 * @param {import('./testCounts.mjs').Counts} counts
 */
function add(name, counts) {
  sum.passed += counts.passed
  sum.failed += counts.failed
  skipped.push(...counts.skipped)
  if (counts.failed > 0) failures.push(`${name} (${counts.failed})`, ...counts.failures)
}

function unitTests() {
  announce('test:unit')
  const file = join(results, 'unit.json')
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`]
  const failure = runScript('test:unit', reporters)
  add('test:unit', countTests(file, failure === null, vitestCounts))
}

/** @param {string} project of playwright.config.ts @param {NodeJS.ProcessEnv} [env] */
function endToEndTests(project, env) {
  announce(`test:e2e, ${project}`)
  const file = join(results, `e2e-${project}.json`)
  const failure = runScript('test:e2e', [`--project=${project}`, '--reporter=list,json'], {
    PLAYWRIGHT_JSON_OUTPUT_FILE: file,
    ...env,
  })
  add(`test:e2e, ${project}`, countTests(file, failure === null, playwrightCounts))
}

/** @param {string} what @param {string} reason */
function skip(what, reason) {
  console.log(`Skipping ${what}: ${reason}`)
  skipped.push(`${what}: ${reason}`)
}

console.log('Checks types, lint, unit tests, the build, and the built application in a terminal,')
console.log('a browser and a real Electron window. Installs first what is missing for that.')
announce('preparation')
const packagesMissing = prepareDebianPackages()
if (packagesMissing) console.log(`Debian packages: ${packagesMissing}`)
const runtimeMissing = prepareElectronRuntime()
if (runtimeMissing) console.log(`Electron runtime: ${runtimeMissing}`)
const cudaStubMissing = prepareCudaStub()
if (cudaStubMissing) console.log(`Stand-ins for CUDA: ${cudaStubMissing}`)
if (!packagesMissing && !runtimeMissing && !cudaStubMissing) console.log('everything is there')

check('typecheck')
check('lint')
unitTests()
if (check('build')) {
  endToEndTests('terminal')
  if (existsSync('/usr/bin/chromium')) endToEndTests('web')
  else skip('test:e2e, web', `/usr/bin/chromium is not there; ${packagesMissing}`)
  const display = await openVirtualDisplay()
  if (runtimeMissing) skip('test:e2e, desktop', runtimeMissing)
  else if (!display) skip('test:e2e, desktop', `Xvfb is not there; ${packagesMissing}`)
  else endToEndTests('desktop', { DISPLAY: display.name })
  await display?.close()
} else skip('test:e2e', 'the build failed')

if (skipped.length > 0) console.log(`\nSkipped:\n${skipped.map((line) => `  ${line}`).join('\n')}`)
if (failures.length > 0) console.log(`\nFailed:\n${failures.map((line) => `  ${line}`).join('\n')}`)
console.log(`\n${sum.passed} passed, ${sum.failed} failed, ${skipped.length} skipped`)
process.exitCode = sum.failed > 0 ? 1 : 0
