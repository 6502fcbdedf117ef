import type { Activation, MlpArchitecture } from './architecture'
import type { ConfigReader } from './configReader'
import type { ArchitectureFamily } from './families/architectureFamily'

/** The dense MLP; where a model has experts, that of its layers without. */
export function readMlp(
  reader: ConfigReader,
  family: ArchitectureFamily,
  hiddenSize: number,
  activation: { readonly name: Activation; readonly gated: boolean },
  hasExperts: boolean,
): MlpArchitecture {
  const names = [
    'intermediate_size',
    'n_inner',
    'd_ff',
    'ffn_dim',
    'ffn_hidden_size',
    'encoder_ffn_dim',
    'hidden_dim',
  ] as const
  const intermediateSize =
    family.defaultIntermediateFactor === null && !hasExperts
      ? reader.size(...names)
      : reader.sizeOr((family.defaultIntermediateFactor ?? 4) * hiddenSize, ...names)
  return {
    intermediateSize,
    activation: activation.name,
    gated: activation.gated,
    fusedGateUp: family.fusedGateUp,
    bias: reader.flag(family.mlpBias, 'mlp_bias', 'enable_bias', 'use_bias', 'bias'),
  }
}

const activations: Readonly<Record<string, Activation>> = {
  silu: 'silu',
  swish: 'silu',
  swiglu: 'silu',
  gelu: 'gelu',
  gelu_python: 'gelu',
  gelu_pytorch_tanh: 'gelu_pytorch_tanh',
  gelu_new: 'gelu_new',
  gelu_fast: 'gelu_fast',
  quick_gelu: 'quick_gelu',
  relu: 'relu',
  relu2: 'relu2',
  xielu: 'xielu',
  tanh: 'tanh',
}

/** The activation, and whether its input is gated; one that is not known is told in `assumptions`. */
export function readActivation(
  reader: ConfigReader,
  family: ArchitectureFamily,
  assumptions: string[],
): { readonly name: Activation; readonly gated: boolean } {
  const projection = reader.text(null, 'feed_forward_proj')
  if (projection !== null) {
    // `gated-gelu` stands for the composed gelu_new in T5's configuration class.
    const gated = projection.startsWith('gated-')
    const plain = gated ? projection.slice('gated-'.length) : projection
    return { name: gated && plain === 'gelu' ? 'gelu_new' : (activations[plain] ?? 'relu'), gated }
  }
  const given =
    reader.text(null, 'hidden_activation', 'hidden_act', 'activation_function', 'activation') ??
    family.activation
  const name = activations[given]
  if (name === undefined) {
    assumptions.push(`activation "${given}" is not known: counted as one that keeps its input`)
  }
  return { name: name ?? 'gelu', gated: family.gatedMlp }
}
