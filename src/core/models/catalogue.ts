import * as z from 'zod'
import rows from '../../../resources/catalogue.json'
import { InputError } from '../errors'

/**
 * Open models that can be estimated by name alone (resources/catalogue.json): the fields of their
 * config.json that matter, each row with where they were read. Fields that the source does not give
 * are left out, and the reader of configurations takes the model class's default.
 */

export const CatalogueModel = z.strictObject({
  /** Lower-case and short: `llama-3.1-8b`. */
  id: z.string().regex(/^[a-z0-9]+([.-][a-z0-9]+)*$/),
  /** Repository on the Hugging Face hub. */
  name: z.string().regex(/^[\w.-]+\/[\w.-]+$/),
  /** Counted from the source's fields independently of our reader, or null; the estimate counts for itself. */
  parameterCount: z.object({ value: z.int().positive(), source: z.string().min(1) }).nullable(),
  config: z.record(z.string(), z.unknown()),
  source: z.string().min(1),
})
export type CatalogueModel = z.infer<typeof CatalogueModel>

/** All models of the catalogue, checked once; the file ships with the application. */
export const catalogue: readonly CatalogueModel[] = z.array(CatalogueModel).parse(rows)

/**
 * The model with this id or hub name, in any case.
 * Throws InputError that lists the nearest names where there is none.
 */
export function findCatalogueModel(name: string): CatalogueModel {
  const wanted = name.toLowerCase()
  const found = catalogue.find(
    (model) => model.id === wanted || model.name.toLowerCase() === wanted,
  )
  if (found) return found
  const [family = ''] =
    wanted
      .split('/')
      .at(-1)
      ?.split(/[-.\d]/) ?? []
  const near = catalogue.filter(({ id }) => family.length > 1 && id.startsWith(family))
  const shown = (near.length > 0 ? near : catalogue).slice(0, 8).map(({ id }) => id)
  throw new InputError({
    code: 'NOT_FOUND',
    path: 'model.name',
    message: `"${name.slice(0, 80)}" is not in the catalogue; there are ${shown.join(', ')} and more, or give a config.json`,
  })
}
