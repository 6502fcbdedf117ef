import { type ByteSource, corruptFile } from './byteSource'
import { InputError } from '../errors'
import { isRecord, scanJson } from './jsonHeader'
import { type ModelFile, sumOver } from './modelFile'
import { maxSafetensorsHeaderBytes, readSafetensors } from './safetensors'

/** `model.safetensors.index.json`: which shard beside it holds each tensor. */
export interface SafetensorsIndex {
  /** File names, without any folder, in the order in which they first appear. */
  readonly shardNames: readonly string[]
  /** Shard of each tensor. */
  readonly shardOf: ReadonlyMap<string, string>
}

/** Sharded at the usual 5 GB, this would be a model of 50 TB. */
const maxShardCount = 10_000
/** Document, weight_map. Metadata may hold one level more. */
const maxIndexDepth = 3
/** Shards read at once: enough to hide a disk's latency, few enough to keep few headers in memory. */
const concurrentShards = 8

/** Throws InputError where the index is no map from tensor to a base name beside it. */
export async function readSafetensorsIndex(source: ByteSource): Promise<SafetensorsIndex> {
  if (source.sizeBytes > maxSafetensorsHeaderBytes) {
    throw new InputError({
      code: 'FILE_TOO_LARGE',
      file: source.name,
      message: `has ${source.sizeBytes} bytes, more than the ${maxSafetensorsHeaderBytes} that are read; give the model's config.json instead`,
    })
  }
  const bytes = await source.read(0, source.sizeBytes)
  if (scanJson(bytes, maxIndexDepth).depth > maxIndexDepth) {
    throw corruptFile(source, 'weight_map', `is nested deeper than ${maxIndexDepth} levels`)
  }
  let document: unknown
  try {
    document = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    throw corruptFile(source, 'weight_map', 'cannot be read: the file is not JSON in UTF-8')
  }
  const map = isRecord(document) ? document['weight_map'] : undefined
  if (!isRecord(map)) {
    throw corruptFile(source, 'weight_map', 'is missing; this is no index of safetensors shards')
  }
  const shardOf = new Map<string, string>()
  for (const [tensor, shard] of Object.entries(map)) {
    shardOf.set(tensor, checkShardName(source, tensor, shard))
  }
  const shardNames = [...new Set(shardOf.values())]
  if (shardNames.length > maxShardCount) {
    throw corruptFile(
      source,
      'weight_map',
      `names ${shardNames.length} shards, more than ${maxShardCount}`,
    )
  }
  return { shardNames, shardOf }
}

/**
 * All shards of an index as one model. `openShard` opens a file beside the index by its base name.
 * Throws InputError where a shard lacks a tensor that the index promises, or has one it does not.
 */
export async function readShardedSafetensors(
  indexSource: ByteSource,
  openShard: (name: string) => Promise<ByteSource>,
): Promise<ModelFile> {
  const index = await readSafetensorsIndex(indexSource)
  const shards: ModelFile[] = []
  for (let start = 0; start < index.shardNames.length; start += concurrentShards) {
    const names = index.shardNames.slice(start, start + concurrentShards)
    const batch = await Promise.all(
      names.map(async (name) => {
        const shard = await readSafetensors(await openShard(name))
        checkMembership(indexSource, index, name, shard)
        return shard
      }),
    )
    shards.push(...batch)
  }
  const tensors = shards.flatMap((shard) => shard.tensors)
  if (tensors.length !== index.shardOf.size) {
    const present = new Set(tensors.map(({ name }) => name))
    const missing = [...index.shardOf.keys()].find((name) => !present.has(name)) ?? ''
    throw corruptFile(indexSource, `weight_map.${missing}`, 'is in none of the shards')
  }
  const isCountable = shards.every((shard) => shard.parameterCount !== null)
  return {
    format: 'safetensors',
    tensors,
    parameterCount: isCountable ? sumOver(tensors, 'elementCount') : null,
    tensorBytes: sumOver(tensors, 'bytes'),
    fileBytes: shards.reduce((sum, shard) => sum + shard.fileBytes, 0),
    metadata: shards[0]?.metadata ?? {},
  }
}

function checkMembership(
  indexSource: ByteSource,
  index: SafetensorsIndex,
  shardName: string,
  shard: ModelFile,
): void {
  const stray = shard.tensors.find(({ name }) => index.shardOf.get(name) !== shardName)
  if (stray) {
    throw corruptFile(
      indexSource,
      `weight_map.${stray.name}`,
      `does not say ${shardName}, which holds it; the index is of other files`,
    )
  }
}

/**
 * A shard must lie beside its index: any folder, drive or parent in its name could reach a file that
 * was never meant to be opened.
 */
function checkShardName(source: ByteSource, tensor: string, shard: unknown): string {
  const isBaseName =
    typeof shard === 'string' && /^[A-Za-z0-9_][A-Za-z0-9_.-]*\.safetensors$/.test(shard)
  if (!isBaseName) {
    throw corruptFile(
      source,
      `weight_map.${tensor.slice(0, 80)}`,
      `${JSON.stringify(shard)?.slice(0, 80)} is not the name of a .safetensors file beside the index`,
    )
  }
  return shard
}
