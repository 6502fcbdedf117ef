import { join, resolve } from 'node:path'
import { build } from 'vite'

const root = resolve(import.meta.dirname, '..')

/**
 * Bundles one entry as the product's are, for tests that start it as a process of its own.
 * @param entry path below the project's folder
 * @returns path of the CommonJS file; below node_modules, so that what stays outside is found
 */
export async function bundleEntry(entry: string): Promise<string> {
  const name = entry.replaceAll(/[^\w]+/g, '-')
  const outDir = join(root, 'node_modules/.cache/headroom-test', `${name}-${process.pid}`)
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    ssr: { noExternal: true, external: ['onnxruntime-node', 'systeminformation', 'koffi'] },
    build: {
      ssr: true,
      outDir,
      target: 'node22.13',
      rolldownOptions: {
        input: join(root, entry),
        output: { format: 'cjs', entryFileNames: 'entry.cjs' },
      },
    },
  })
  return join(outDir, 'entry.cjs')
}
