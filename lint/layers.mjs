// @ts-check
// The layer rule of docs/architecture.md as a lint rule: imports point one way, and what is dangerous
// or heavy has one owner.
import { dirname, relative, resolve, sep } from 'node:path'

/** Which folders of src/ a folder may import from, besides itself. @type {Record<string, readonly string[]>} */
const layers = {
  core: [],
  protocol: ['core'],
  engine: ['core', 'protocol'],
  monitor: ['core', 'protocol'],
  profiler: ['core', 'protocol'],
  main: ['core', 'protocol', 'profiler'],
  server: ['core', 'protocol', 'profiler'],
  cli: ['core', 'protocol', 'profiler', 'server'],
  preload: ['core', 'protocol'],
  renderer: ['core', 'protocol'],
}

/** Folders whose code runs where Node's modules are not, or must not depend on them. */
const withoutNode = ['core', 'protocol', 'preload', 'renderer']

/** Modules that only some files may import, and which: paths below src/. @type {Record<string, RegExp>} */
const owners = {
  electron: /^(main|preload)\//,
  'onnxruntime-node': /^engine\/onnx\w*\.ts$/,
  koffi: /^monitor\//,
  systeminformation: /^profiler\//,
  'node:sqlite': /^profiler\//,
  'node:child_process': /^profiler\//,
  echarts: /^renderer\/charts\//,
  react: /^renderer\//,
  hono: /^server\//,
  ws: /^server\//,
  commander: /^cli\//,
}

/**
 * Why this file may not import this module, or null.
 * @param {string} root the project's folder
 * @param {string} file
 * @param {string} specifier
 */
function violation(root, file, specifier) {
  const source = relative(resolve(root, 'src'), file).split(sep).join('/')
  const [layer = ''] = source.split('/')
  const allowed = layers[layer]
  if (!allowed || /\.test\.tsx?$/.test(source)) return null
  if (specifier.startsWith('.')) {
    const target = relative(resolve(root, 'src'), resolve(dirname(file), specifier))
    const [imported = ''] = target.split(sep)
    if (imported === '..' || imported === layer || allowed.includes(imported)) return null
    return `${layer} must not import ${imported}: it may import ${allowed.join(', ') || 'nothing'}`
  }
  if (specifier.startsWith('node:') && withoutNode.includes(layer))
    return `${layer} runs without Node: pass in what ${specifier} would give`
  const [name] = Object.entries(owners).find(
    ([name, owner]) =>
      (specifier === name || specifier.startsWith(`${name}/`)) && !owner.test(source),
  ) ?? [null]
  return name && `${name} is imported only in src/${owners[name]?.source.replace(/^\^/, '')}`
}

const rule = {
  /** @param {any} context */
  create(context) {
    /** @param {any} node the string literal that names a module */
    const check = (node) => {
      if (typeof node?.value !== 'string') return
      const message = violation(context.cwd, context.filename, node.value)
      if (message) context.report({ node, message })
    }
    /** @param {any} node */
    const checkSource = (node) => check(node.source)
    return {
      ImportDeclaration: checkSource,
      ImportExpression: checkSource,
      ExportAllDeclaration: checkSource,
      ExportNamedDeclaration: checkSource,
      TSImportType: checkSource,
    }
  },
}

// oxlint takes plugins by their default export.
export default { meta: { name: 'headroom' }, rules: { layers: rule } }
