import * as z from 'zod'

/** What ONNX Runtime's own profile says about one session. */
export interface OrtProfile {
  /** Highest use of the arena of `provider`, bytes; null where no node reported it. */
  readonly peakBytes: number | null
  /** Most that arena held, bytes. */
  readonly heldBytes: number | null
  /** Executed nodes by provider, as Headroom calls them. */
  readonly nodesByProvider: Readonly<Record<string, number>>
  /** Copies between host and device that ONNX Runtime put into the graph. */
  readonly memcpyNodes: number
  /** Executed operators after all fusions, most frequent first. */
  readonly operators: readonly string[]
}

const Count = z.coerce.number().optional()
const ProfileEvent = z.object({
  cat: z.string().optional(),
  args: z
    .object({
      op_name: z.string().optional(),
      provider: z.string().optional(),
      node_index: z.string().optional(),
      mem_in_use_peak: Count,
      mem_arena_held: Count,
    })
    .optional(),
})

/**
 * Reads a profile file. Memory is that of nodes on `provider`: nodes elsewhere report another arena.
 * @param provider as ONNX Runtime writes it without its ending, in any case: `cuda`
 */
export function parseOrtProfile(text: string, provider: string): OrtProfile {
  const events = z.array(ProfileEvent).parse(JSON.parse(text))
  const nodes = new Map<string, { readonly provider: string; readonly operator: string }>()
  let peakBytes: number | null = null
  let heldBytes: number | null = null
  for (const { cat, args } of events) {
    if (cat !== 'Node' || !args?.provider || !args.op_name) continue
    const name = providerName(args.provider)
    nodes.set(`${name} ${args.node_index} ${args.op_name}`, {
      provider: name,
      operator: args.op_name,
    })
    if (name !== provider) continue
    peakBytes = largest(peakBytes, args.mem_in_use_peak)
    heldBytes = largest(heldBytes, args.mem_arena_held)
  }
  const executed = [...nodes.values()]
  return {
    peakBytes,
    heldBytes,
    nodesByProvider: countBy(executed.map((node) => node.provider)),
    memcpyNodes: executed.filter(({ operator }) => operator.startsWith('Memcpy')).length,
    operators: Object.entries(countBy(executed.map(({ operator }) => operator)))
      .toSorted(([, a], [, b]) => b - a)
      .map(([operator]) => operator),
  }
}

/** `CUDAExecutionProvider` → `cuda`; DirectML's and Core ML's are called as users know them. */
function providerName(ortName: string): string {
  const name = ortName.replace(/ExecutionProvider$/, '').toLowerCase()
  return name === 'js' ? 'webgpu' : name
}

function largest(known: number | null, value: number | undefined): number | null {
  if (value === undefined || !Number.isFinite(value)) return known
  return Math.max(known ?? 0, value)
}

function countBy(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1
  return counts
}
