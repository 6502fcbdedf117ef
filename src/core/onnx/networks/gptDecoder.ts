import { checkpoint } from '../checkpoint'
import type { Graph, Value } from '../graph'
import { gelu, silu } from '../ops/activations'
import { causalAttention } from '../ops/attention'
import { add, mul } from '../ops/elementwise'
import { embedding } from '../ops/embedding'
import { gemm } from '../ops/matmul'
import { layerNorm, rmsNorm } from '../ops/normalize'
import { reshape, transpose } from '../ops/reshape'
import { beforeHeads, rotary, type RotaryAngles, rotaryAngles } from '../ops/rotary'
import { slice } from '../ops/slice'
import { checkGptConfig, type GptConfig } from './gptConfig'
import { type ForwardOptions, plainForward } from './layers'
import {
  type Initialization,
  type Network,
  type Parameter,
  parameterOf,
  type ParameterValues,
} from './network'

/** Of weights (GPT-2, Llama); the projections back into the residual stream get less by their number. */
const standardDeviation = 0.02

/**
 * A decoder-only transformer, normalised before each block as GPT-2 and Llama are: `input` int32
 * [batch, sequenceLength] tokens, one row of logits per token. Parameters are called as in Hugging
 * Face's Llama; matrices are [inputs, outputs].
 * Throws InputError where the configuration does not add up.
 */
export function gptDecoder(config: GptConfig, sequenceLength: number): Network {
  checkGptConfig(config, sequenceLength)
  return {
    name: config.name,
    inputShape: [sequenceLength],
    inputType: 'tokens',
    rowsPerSample: sequenceLength,
    classCount: config.vocabSize,
    adaptableLayers: adaptableLayers(config),
    parameters: decoderParameters(config),
    forward: (graph, input, parameters, options = plainForward) =>
      decode(graph, config, input, parameters, options),
  }
}

function decoderParameters(config: GptConfig): readonly Parameter[] {
  const { hiddenSize, numHiddenLayers, intermediateSize, numKeyValueHeads } = config
  const keyValueSize = (hiddenSize / config.numAttentionHeads) * numKeyValueHeads
  const inner: Initialization = { type: 'normal', standardDeviation }
  const residual: Initialization = {
    type: 'normal',
    standardDeviation: standardDeviation / Math.sqrt(2 * numHiddenLayers),
  }
  const matrix = (name: string, shape: readonly number[], initialization = inner): Parameter[] => [
    { name: `${name}.weight`, shape, initialization },
    ...(config.bias
      ? [{ name: `${name}.bias`, shape: shape.slice(1), initialization: zeros } as const]
      : []),
  ]
  const norm = (name: string): Parameter[] => [
    { name: `${name}.weight`, shape: [hiddenSize], initialization: { type: 'ones' } },
    ...(config.normalization === 'layerNorm'
      ? [{ name: `${name}.bias`, shape: [hiddenSize], initialization: zeros } as const]
      : []),
  ]
  const layer = (prefix: string): Parameter[] => [
    ...norm(`${prefix}.input_layernorm`),
    ...matrix(`${prefix}.self_attn.q_proj`, [hiddenSize, hiddenSize]),
    ...matrix(`${prefix}.self_attn.k_proj`, [hiddenSize, keyValueSize]),
    ...matrix(`${prefix}.self_attn.v_proj`, [hiddenSize, keyValueSize]),
    ...matrix(`${prefix}.self_attn.o_proj`, [hiddenSize, hiddenSize], residual),
    ...norm(`${prefix}.post_attention_layernorm`),
    ...(config.hiddenAct === 'silu'
      ? matrix(`${prefix}.mlp.gate_proj`, [hiddenSize, intermediateSize])
      : []),
    ...matrix(`${prefix}.mlp.up_proj`, [hiddenSize, intermediateSize]),
    ...matrix(`${prefix}.mlp.down_proj`, [intermediateSize, hiddenSize], residual),
  ]
  const table = (name: string, rows: number): Parameter => ({
    name: `${name}.weight`,
    shape: [rows, hiddenSize],
    initialization: inner,
  })
  return [
    table('embed_tokens', config.vocabSize),
    ...(config.positions.type === 'learned'
      ? [table('embed_positions', config.maxPositionEmbeddings)]
      : []),
    ...Array.from({ length: numHiddenLayers }, (_, index) => layer(`layers.${index}`)).flat(),
    ...norm('norm'),
    ...(config.tieWordEmbeddings ? [] : [table('lm_head', config.vocabSize)]),
  ]
}

const zeros: Initialization = { type: 'zeros' }

function adaptableLayers({ numHiddenLayers, hiddenAct }: GptConfig): readonly string[] {
  const attention = ['q_proj', 'k_proj', 'v_proj', 'o_proj'].map((name) => `self_attn.${name}`)
  const gate = hiddenAct === 'silu' ? ['mlp.gate_proj'] : []
  const inBlock = [...attention, ...gate, 'mlp.up_proj', 'mlp.down_proj']
  return Array.from({ length: numHiddenLayers }, (_, index) =>
    inBlock.map((name) => `layers.${index}.${name}`),
  ).flat()
}

function decode(
  graph: Graph,
  config: GptConfig,
  input: Value,
  parameters: ParameterValues,
  options: ForwardOptions,
): Value {
  const [batch, positions] = input.shape as [number, number]
  const value = (name: string) => parameterOf(parameters, name)

  // Tokens stand one below the other from here on: one shape, so that one tensor's memory serves the next.
  const rows = [batch * positions, config.hiddenSize]
  let x = embedding(graph, value('embed_tokens.weight'), reshape(graph, input, [rows[0]!]))
  if (config.positions.type === 'learned') {
    const places = slice(graph, value('embed_positions.weight'), 0, 0, positions)
    const apart = reshape(graph, x, [batch, positions, config.hiddenSize])
    x = reshape(graph, add(graph, apart, places), rows)
  }
  const angles =
    config.positions.type === 'rotary'
      ? rotaryAngles(graph, x.dtype, {
          sequenceLength: positions,
          headSize: config.hiddenSize / config.numAttentionHeads,
          theta: config.positions.theta,
        })
      : null
  for (let index = 0; index < config.numHiddenLayers; index += 1) {
    const prefix = `layers.${index}.`
    const build = (seen: Value) =>
      block(graph, config, seen, { batch, prefix, angles, parameters, layers: options.layers })
    const own = [...parameters].filter(([name]) => name.startsWith(prefix))
    x = options.isCheckpointed
      ? checkpoint(
          graph,
          x,
          own.map(([, each]) => each),
          build,
        )
      : build(x)
  }
  const last = normalize(graph, config, x, 'norm', parameters)
  const head = value(config.tieWordEmbeddings ? 'embed_tokens.weight' : 'lm_head.weight')
  return gemm(graph, last, head, null, { transposeB: true })
}

interface BlockOptions {
  /** Samples, whose tokens lie one behind the other. */
  readonly batch: number
  /** Of the names of its parameters. */
  readonly prefix: string
  readonly angles: RotaryAngles | null
  readonly parameters: ParameterValues
  readonly layers: ForwardOptions['layers']
}

/** Attention and feed-forward, each after a normalization and added to what came in. */
function block(
  graph: Graph,
  config: GptConfig,
  x: Value,
  { batch, prefix, angles, parameters, layers }: BlockOptions,
): Value {
  const positions = x.shape[0]! / batch
  const { hiddenSize, numAttentionHeads, numKeyValueHeads } = config
  const headSize = hiddenSize / numAttentionHeads
  const dense = (from: Value, name: string) =>
    layers.linear(graph, from, `${prefix}${name}`, parameters)
  const apart = (from: Value, count: number) =>
    reshape(graph, from, [batch, positions, count, headSize])
  const heads = (from: Value) => transpose(graph, from, [0, 2, 1, 3])

  const seen = normalize(graph, config, x, `${prefix}input_layernorm`, parameters)
  const query = heads(apart(dense(seen, 'self_attn.q_proj'), numAttentionHeads))
  // Turned before its axes are changed, for they are changed once more in attention, and both at once.
  const key = apart(dense(seen, 'self_attn.k_proj'), numKeyValueHeads)
  const attended = causalAttention(
    graph,
    angles ? rotary(graph, query, angles) : query,
    heads(angles ? rotary(graph, key, beforeHeads(graph, angles)) : key),
    heads(apart(dense(seen, 'self_attn.v_proj'), numKeyValueHeads)),
  )
  const joined = reshape(graph, transpose(graph, attended, [0, 2, 1, 3]), x.shape)
  const between = add(graph, x, dense(joined, 'self_attn.o_proj'))
  const middle = normalize(graph, config, between, `${prefix}post_attention_layernorm`, parameters)
  const up = dense(middle, 'mlp.up_proj')
  const active =
    config.hiddenAct === 'silu'
      ? mul(graph, silu(graph, dense(middle, 'mlp.gate_proj')), up)
      : gelu(graph, up)
  return add(graph, between, dense(active, 'mlp.down_proj'))
}

function normalize(
  graph: Graph,
  { normalization, normEpsilon }: GptConfig,
  x: Value,
  name: string,
  parameters: ParameterValues,
): Value {
  const weight = parameterOf(parameters, `${name}.weight`)
  return normalization === 'layerNorm'
    ? layerNorm(graph, x, weight, parameterOf(parameters, `${name}.bias`), normEpsilon)
    : rmsNorm(graph, x, weight, normEpsilon)
}
