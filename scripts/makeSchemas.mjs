// @ts-check
// `npm run make:schemas`: writes docs/schema/*.json, the JSON Schemas of what `--json` prints, from the
// zod types that the application itself checks them by. A test tells when they are out of date.
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runnerImport } from 'vite'

const root = join(import.meta.dirname, '..')
const folder = join(root, 'docs/schema')
const { module } = await runnerImport(join(root, 'src/cli/jsonSchemas.ts'), {
  configFile: false,
  logLevel: 'error',
})
/** @type {Record<string, object>} */
const schemas = /** @type {any} */ (module).jsonSchemas()

mkdirSync(folder, { recursive: true })
for (const file of readdirSync(folder)) {
  if (file.endsWith('.json') && !(file in schemas)) rmSync(join(folder, file))
}
for (const [file, schema] of Object.entries(schemas)) {
  writeFileSync(join(folder, file), `${JSON.stringify(schema, null, 2)}\n`)
}
console.log(`docs/schema: ${Object.keys(schemas).join(', ')}`)
