import type { Relief } from '../../../core/estimate/estimate'
import type { FitDraft } from './fitDraft'

// A relief names the fields of the Job that it sets, of one change or of several: from these the page
// says it in its own language, and applies it to the draft.

export const reliefKinds = [
  'checkpointing',
  'attention',
  'loss',
  'logits',
  'kvPrecision',
  'batchSize',
  'sequenceLength',
  'promptLength',
  'optimizer',
  'precision',
  'lora',
  'qlora',
  'infer-int8',
  'infer-nf4',
  'rank',
  'gpuCount',
] as const
export type ReliefKind = (typeof reliefKinds)[number]

type Changes = Relief['changes']

/** Fields that come with another one and have no words of their own. */
const companions = new Set(['gradientAccumulationSteps', 'maxLength', 'sharding'])

/** What a relief changes, in the order of `reliefKinds`; null where the page lacks words for a part. */
export function kindsOf(changes: Changes, draft: FitDraft): readonly ReliefKind[] | null {
  const found = new Set<ReliefKind>()
  for (const name of Object.keys(changes)) {
    if (companions.has(name) || (name === 'quantization' && 'method' in changes)) continue
    const kinds =
      name === 'method'
        ? methodKinds(changes, draft)
        : name === 'quantization'
          ? [partOf(changes.quantization, 'scheme') === 'nf4' ? 'infer-nf4' : 'infer-int8']
          : [name]
    for (const kind of kinds) {
      const known = reliefKinds.find((each) => each === kind)
      if (!known) return null
      found.add(known)
    }
  }
  return found.size === 0 ? null : reliefKinds.filter((kind) => found.has(kind))
}

function methodKinds(changes: Changes, draft: FitDraft): readonly string[] {
  const type = partOf(changes.method, 'type')
  const isOther = type === 'qlora' ? draft.method !== 'qlora' : trainsAll(draft)
  const isRankSet = partOf(changes.method, 'rank') !== draft.rank
  // LoRA's own words name its rank.
  return [
    ...(isOther ? [String(type)] : []),
    ...(isRankSet && !(isOther && type === 'lora') ? ['rank'] : []),
  ]
}

/** What the draft becomes when the relief is applied; null where the page has no field for a part. */
export function applyRelief(draft: FitDraft, changes: Changes): Partial<FitDraft> | null {
  const kinds = kindsOf(changes, draft)
  if (!kinds || kinds.includes('logits')) return null
  const isAutocast = draft.method === 'full-amp' && draft.precision !== 'fp32'
  const isMixed = isAutocast && changes.precision === undefined
  // The page's adapters do not autocast, so it would show another job than the relief speaks of.
  if (isMixed && 'method' in changes) return null
  const { promptLength, method, ...others } = changes
  const rank = partOf(method, 'rank')
  const chosen = kinds.find(
    (kind) => kind === 'lora' || kind === 'qlora' || kind === 'infer-int8' || kind === 'infer-nf4',
  )
  return {
    ...(Object.fromEntries(
      Object.entries(others).filter(([name]) => Object.hasOwn(draft, name)),
    ) as Partial<FitDraft>),
    ...(typeof promptLength === 'number' && { sequenceLength: promptLength }),
    ...(typeof rank === 'number' && { rank }),
    // In fp32 it trains without autocast, in bf16 it would with it.
    ...(draft.method === 'full-amp' && changes.precision !== undefined && { method: 'full' }),
    ...(chosen && { method: chosen }),
  }
}

/** Values that the words of a relief name: its own fields, and the rank of its adapters. */
export function reliefValues(changes: Changes): Readonly<Record<string, unknown>> {
  return { ...changes, rank: partOf(changes.method, 'rank') }
}

function trainsAll({ method }: FitDraft): boolean {
  return method === 'full' || method === 'full-amp'
}

function partOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined
}
