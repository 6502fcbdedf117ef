import { readdirSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { runRecord } from '../../test/runRecords'
import { jsonDocuments } from './jsonDocuments'
import { jsonSchemas } from './jsonSchemas'

const schemas = jsonSchemas()

it('docs/schema has one file per document', () => {
  const files = readdirSync('docs/schema').filter((name) => name.endsWith('.json'))
  expect(files.toSorted()).toEqual(Object.keys(schemas).toSorted())
})

it.each(Object.keys(schemas))('%s is what the types say (else: npm run make:schemas)', (file) => {
  expect(JSON.parse(readFileSync(`docs/schema/${file}`, 'utf8'))).toEqual(schemas[file])
})

it('a document names itself', () => {
  expect(jsonDocuments.run?.safeParse(runRecord()).success).toBe(true)
  expect(jsonDocuments.run?.safeParse({ ...runRecord(), schema: 'headroom/run/2' }).success).toBe(
    false,
  )
})
