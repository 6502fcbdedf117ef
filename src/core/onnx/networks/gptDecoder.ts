import type { Graph, Value } from '../graph'
import { gelu, silu } from '../ops/activations'
import { causalAttention } from '../ops/attention'
import { add, mul } from '../ops/elementwise'
import { embedding } from '../ops/embedding'
import { gemm, linear } from '../ops/matmul'
import { layerNorm, rmsNorm } from '../ops/normalize'
import { reshape, transpose } from '../ops/reshape'
import { rotary, rotaryAngles } from '../ops/rotary'
import { slice } from '../ops/slice'
import { checkGptConfig, type GptConfig } from './gptConfig'
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
    parameters: decoderParameters(config),
    forward: (graph, input, parameters) => decode(graph, config, input, parameters),
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

function decode(graph: Graph, config: GptConfig, input: Value, parameters: ParameterValues): Value {
  const [batch, positions] = input.shape as [number, number]
  const { hiddenSize, numAttentionHeads, numKeyValueHeads } = config
  const headSize = hiddenSize / numAttentionHeads
  const value = (name: string) => parameterOf(parameters, name)
  const dense = (x: Value, name: string) =>
    linear(graph, x, value(`${name}.weight`), config.bias ? value(`${name}.bias`) : null)
  const normalize = (x: Value, name: string) =>
    config.normalization === 'layerNorm'
      ? layerNorm(graph, x, value(`${name}.weight`), value(`${name}.bias`), config.normEpsilon)
      : rmsNorm(graph, x, value(`${name}.weight`), config.normEpsilon)
  const heads = (x: Value, count: number) =>
    transpose(graph, reshape(graph, x, [batch, positions, count, headSize]), [0, 2, 1, 3])

  let x = embedding(graph, value('embed_tokens.weight'), input)
  if (config.positions.type === 'learned') {
    x = add(graph, x, slice(graph, value('embed_positions.weight'), 0, 0, positions))
  }
  const angles =
    config.positions.type === 'rotary'
      ? rotaryAngles(graph, x.dtype, {
          sequenceLength: positions,
          headSize,
          theta: config.positions.theta,
        })
      : null
  const place = (each: Value) => (angles ? rotary(graph, each, angles) : each)

  for (let index = 0; index < config.numHiddenLayers; index += 1) {
    const prefix = `layers.${index}`
    const seen = normalize(x, `${prefix}.input_layernorm`)
    const attended = causalAttention(
      graph,
      place(heads(dense(seen, `${prefix}.self_attn.q_proj`), numAttentionHeads)),
      place(heads(dense(seen, `${prefix}.self_attn.k_proj`), numKeyValueHeads)),
      heads(dense(seen, `${prefix}.self_attn.v_proj`), numKeyValueHeads),
    )
    const joined = reshape(graph, transpose(graph, attended, [0, 2, 1, 3]), x.shape)
    x = add(graph, x, dense(joined, `${prefix}.self_attn.o_proj`))
    const middle = normalize(x, `${prefix}.post_attention_layernorm`)
    const up = dense(middle, `${prefix}.mlp.up_proj`)
    const active =
      config.hiddenAct === 'silu'
        ? mul(graph, silu(graph, dense(middle, `${prefix}.mlp.gate_proj`)), up)
        : gelu(graph, up)
    x = add(graph, x, dense(active, `${prefix}.mlp.down_proj`))
  }
  const rows = reshape(graph, normalize(x, 'norm'), [batch * positions, hiddenSize])
  const head = value(config.tieWordEmbeddings ? 'embed_tokens.weight' : 'lm_head.weight')
  return gemm(graph, rows, head, null, { transposeB: true })
}
