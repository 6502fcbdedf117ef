/// <reference types="vitest/config" />
import { build } from 'vite'

const suffix = '?inlineScript'

/**
 * `import { script } from './page?inlineScript'`: the source text of page.ts and all it imports as one
 * script without imports, to be written into a document. So what a report computes in a browser is
 * the very code that computed it here. Left readable: who opens a report may read its check.
 * @returns {import('vite').Plugin}
 */
export function inlineScript() {
  return {
    name: 'headroom:inline-script',
    enforce: 'pre',
    /** Vitest keeps what it transformed by the text of the module alone; here the imports count too. */
    configureVitest(context) {
      context.defineCacheKeyGenerator(({ id }) => (id.endsWith(suffix) ? false : undefined))
    },
    async resolveId(source, importer) {
      if (!source.endsWith(suffix)) return null
      const resolved = await this.resolve(source.slice(0, -suffix.length), importer)
      return resolved && `${resolved.id}${suffix}`
    },
    async load(id) {
      if (!id.endsWith(suffix)) return null
      const { code, moduleIds } = await bundle(id.slice(0, -suffix.length))
      for (const module of moduleIds) this.addWatchFile(module)
      return `export const script = ${JSON.stringify(code)}`
    },
  }
}

/** @param {string} input */
async function bundle(input) {
  const result = await build({
    configFile: false,
    logLevel: 'silent',
    build: {
      write: false,
      minify: false,
      modulePreload: false,
      target: 'chrome111',
      rolldownOptions: { input, output: { format: 'iife' } },
    },
  })
  if (!('output' in result)) throw new Error(`${input} was not bundled as one script`)
  const [chunk, ...others] = result.output
  if (others.length > 0) throw new Error(`${input} needs more than one script`)
  return chunk
}
