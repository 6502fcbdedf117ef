import * as z from 'zod'
import { jsonDocuments } from './jsonDocuments'

/** The content of each file in docs/schema, by its name. */
export function jsonSchemas(): Record<string, object> {
  return Object.fromEntries(
    Object.entries(jsonDocuments).map(([name, type]) => {
      // `output`: what is printed, not what would be accepted.
      const { $schema, ...schema } = z.toJSONSchema(type, { io: 'output', reused: 'ref' })
      return [`${name}.json`, { $schema, title: `headroom/${name}/1`, ...withoutNoise(schema) }]
    }),
  )
}

/**
 * Without what would only hinder a reader: version 1 may gain fields, which he must pass over, and
 * that a whole number is one that JavaScript can count to, goes without saying.
 */
function withoutNoise(schema: object): object {
  return JSON.parse(JSON.stringify(schema), (key, value: unknown) =>
    (key === 'additionalProperties' && value === false) ||
    key === 'readOnly' ||
    (key === 'minimum' && value === Number.MIN_SAFE_INTEGER) ||
    (key === 'maximum' && value === Number.MAX_SAFE_INTEGER)
      ? undefined
      : value,
  ) as object
}
