import type { Architecture, ModelHead } from '../models/architecture'
import { layerRuns, layerShape, outerShape } from '../models/layerShape'
import type { StoredWeights } from './modelWeights'

/**
 * Bytes of weights that one pass over `tokens` tokens reads, each matrix once: all that is stored but
 * rows of the token table that no token asks for (a tied one is read whole, as the output matrix) and
 * experts that no token goes to. With k of E experts per token and routing without preference, an
 * expert is left out by all of t tokens with probability (1 − k/E)^t.
 */
export function weightBytesRead(
  weights: StoredWeights,
  a: Architecture,
  head: ModelHead,
  tokens: number,
): number {
  const { parameterCount, bytes, quantizedBytes, quantizedCount } = weights
  const plainCount = parameterCount - quantizedCount
  const plainWidth = plainCount > 0 ? (bytes - quantizedBytes) / plainCount : bytes / parameterCount
  const table = a.head.tied ? 0 : outerShape(a, head).embeddingElements
  return bytes - table * plainWidth - idleExpertBytes(weights, plainWidth, a, tokens)
}

function idleExpertBytes(
  { quantizedBytes, quantizedCount }: StoredWeights,
  plainWidth: number,
  a: Architecture,
  tokens: number,
): number {
  if (!a.experts) return 0
  const { expertCount, expertsPerToken } = a.experts
  const layers = layerRuns(a).find(({ kind }) => kind === 'experts')?.count ?? 0
  const elements = layers * (layerShape(a, 'experts').experts?.expertElements ?? 0)
  const width = quantizedCount > 0 ? quantizedBytes / quantizedCount : plainWidth
  return elements * width * (1 - expertsPerToken / expertCount) ** tokens
}
