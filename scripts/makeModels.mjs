// @ts-check
// `npm run make:models`: trains resources/models/ again.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runnerImport } from 'vite'

process.chdir(join(import.meta.dirname, '..'))
const { module } = await runnerImport('./scripts/models/trainModels.ts', {
  configFile: false,
  logLevel: 'error',
})
const text = await runnerImport('./scripts/models/trainText.ts', {
  configFile: false,
  logLevel: 'error',
})
/** @type {(preset: string) => Promise<{ file: Uint8Array, testAccuracy: number }>} */
const trainModel = /** @type {any} */ (module).trainModel
mkdirSync('resources/models', { recursive: true })
for (const preset of ['digits-mlp', 'digits-cnn']) {
  const { file, testAccuracy } = await trainModel(preset)
  const path = `resources/models/${preset}.safetensors`
  writeFileSync(path, file)
  console.log(
    `${path}: ${file.length} bytes, ${(100 * testAccuracy).toFixed(2)} % of the test images`,
  )
}
/** @type {(preset: string) => Promise<{ file: Uint8Array, validationLoss: number }>} */
const trainTextModel = /** @type {any} */ (text.module).trainTextModel
const { file, validationLoss } = await trainTextModel('gpt-nano')
writeFileSync('resources/models/gpt-nano.safetensors', file)
console.log(
  `resources/models/gpt-nano.safetensors: ${file.length} bytes, validation loss ${validationLoss.toFixed(4)} nats`,
)
