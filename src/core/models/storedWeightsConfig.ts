import { InputError } from '../errors'
import type { Architecture, StoredQuantization } from './architecture'
import type { ConfigReader } from './configReader'

/** The number format that the weights were saved in; null where neither config says. */
export function readStoredPrecision(
  reader: ConfigReader,
  outer: ConfigReader,
): Architecture['storedPrecision'] {
  const name =
    outer.text(null, 'dtype', 'torch_dtype') ?? reader.text(null, 'dtype', 'torch_dtype') ?? ''
  switch (name.replace('torch.', '')) {
    case 'bfloat16':
      return 'bf16'
    case 'float16':
      return 'fp16'
    case 'float32':
      return 'fp32'
    default:
      return null
  }
}

/** How the weights are quantized on disk; a scheme that is not known is told in `assumptions`. */
export function readStoredQuantization(
  reader: ConfigReader,
  assumptions: string[],
): StoredQuantization | null {
  const section = reader.section('quantization_config')
  const method = section?.text(null, 'quant_method') ?? null
  if (section === null || method === null) return null
  const skip = (section.list('modules_to_not_convert', 'llm_int8_skip_modules') ?? []).filter(
    (name) => typeof name === 'string',
  )
  const base = {
    bits: section.sizeOrNull('bits', 'w_bit'),
    groupSize: section.sizeOrNull('q_group_size'),
    doubleQuant: section.flag(false, 'bnb_4bit_use_double_quant'),
    ggufType: null,
    skip: skip.length > 0 ? skip : ['lm_head'],
  }
  switch (method) {
    case 'gptq':
    case 'awq':
      return { ...base, scheme: method, groupSize: readGroupSize(section) }
    case 'fp8':
      return { ...base, scheme: 'fp8', bits: 8 }
    case 'bitsandbytes': {
      if (section.flag(false, 'load_in_8bit')) return { ...base, scheme: 'bnb-int8', bits: 8 }
      const type = section.text('fp4', 'bnb_4bit_quant_type')
      return { ...base, scheme: type === 'nf4' ? 'nf4' : 'fp4', bits: 4 }
    }
    default:
      assumptions.push(
        `weights stored by "${method.slice(0, 40)}" are counted unquantized, in the job's own precision`,
      )
      return null
  }
}

/** −1 stands for one group per column. */
function readGroupSize(section: ConfigReader): number | null {
  try {
    return section.sizeOrNull('group_size', 'q_group_size')
  } catch (error) {
    if (error instanceof InputError) return null
    throw error
  }
}
