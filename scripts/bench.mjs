// @ts-check
// `npm run bench`: the figures of docs/measuring.md, on this machine. Says which goals are missed and
// fails then; not part of the tests, because a busy machine misses them for reasons of its own.
import { fork, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { runnerImport } from 'vite'
import { inlineScript } from './inlineScript.mjs'
import { openVirtualDisplay } from './virtualDisplay.mjs'

/** Each in a process of its own. @type {Record<string, [file: string, name: string]>} */
const benches = {
  latency: ['bench/latency.ts', 'benchLatency'],
  commandLine: ['bench/commandLine.ts', 'benchCommandLine'],
  window: ['bench/window.ts', 'benchWindow'],
  chart: ['bench/chart.ts', 'benchChart'],
  monitor: ['bench/monitor.ts', 'benchMonitor'],
  pixels: ['bench/monitorPixels.ts', 'benchMonitorPixels'],
  estimator: ['bench/estimator.ts', 'benchEstimator'],
  graph: ['bench/graphBuilding.ts', 'benchGraphBuilding'],
  training: ['bench/training.ts', 'benchTraining'],
}

process.chdir(join(import.meta.dirname, '..'))
const { positionals, values: options } = parseArgs({
  allowPositionals: true,
  options: {
    /** A Python with torch, for the training bench. */
    python: { type: 'string' },
    /** All figures as one JSON document in the last line. */
    json: { type: 'boolean', default: false },
    /** In this process, which another has started. */
    here: { type: 'boolean', default: false },
  },
})
const [only] = positionals
if (options.here) await runHere(String(only))
else await runAll(only === undefined ? Object.keys(benches) : [only])

/** @param {string} name */
async function runHere(name) {
  const [file, bench] = benches[name] ?? []
  if (!file || !bench) throw new Error(`there is no bench ${name}`)
  const { module } = await runnerImport(`./${file}`, {
    configFile: false,
    logLevel: 'error',
    plugins: [inlineScript()],
  })
  try {
    const figures = await /** @type {any} */ (module)[bench](options)
    process.send?.({ figures })
  } catch (error) {
    console.error(error)
    process.exitCode = 1
  }
  process.exit()
}

/** @param {string[]} names */
async function runAll(names) {
  let missed = 0
  /** @type {object[]} */
  const all = []
  const display = process.env.DISPLAY ? null : await openVirtualDisplay()
  if (display) process.env.DISPLAY = display.name
  for (const name of names) {
    if (!benches[name]) {
      console.error(`there is no bench ${name}; there are ${Object.keys(benches).join(', ')}`)
      process.exit(2)
    }
    console.log(`\n${name}`)
    if (name === 'training' && !hasTorch(options.python)) {
      console.log(`  compares with PyTorch: python -m venv venv && venv/bin/pip install torch, then
  npm run bench -- training --python venv/bin/python`)
      if (only === name) missed += 1
      continue
    }
    for (const figure of await figuresOf(name)) {
      missed += show(figure) ? 0 : 1
      all.push({ bench: name, ...figure, met: figure.value <= figure.goal })
    }
  }
  await display?.close()
  if (missed > 0) console.error(`\n${missed} goals missed`)
  process.exitCode = missed > 0 ? 1 : 0
  if (options.json) console.log(JSON.stringify({ missed, figures: all }))
}

/** @param {string | undefined} python */
function hasTorch(python) {
  return python !== undefined && spawnSync(python, ['-c', 'import torch']).status === 0
}

/** @param {string} name @returns {Promise<import('../bench/figure.ts').Figure[]>} */
function figuresOf(name) {
  return new Promise((resolve, reject) => {
    const python = options.python === undefined ? [] : ['--python', options.python]
    const child = fork(import.meta.filename, [name, '--here', ...python], {
      serialization: 'advanced',
    })
    /** @type {import('../bench/figure.ts').Figure[]} */
    let figures = []
    child.on('message', (/** @type {any} */ message) => {
      if (message.figures) figures = message.figures
    })
    child.on('exit', (code) =>
      code === 0 ? resolve(figures) : reject(new Error(`${name} ended with exit code ${code}`)),
    )
  })
}

/** @param {import('../bench/figure.ts').Figure} figure */
function show({ name, value, interval, unit, goal, how }) {
  const met = value <= goal
  const range = interval ? ` (${round(interval.low)} to ${round(interval.high)})` : ''
  const text = [name, `${round(value)}${range} ${unit}`.trim(), `goal ≤ ${goal} ${unit}`.trim()]
  console.log(`  ${met ? '✓' : '✗'} ${text.join(' · ')}\n    ${how}`)
  return met
}

/** @param {number} value */
function round(value) {
  return Math.abs(value) < 10 ? value.toFixed(3) : value.toFixed(1)
}
