import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { recordingTerminal } from '../../test/recordingTerminal'
import { InputError } from '../core/errors'
import { type EstimateOptions, estimate } from './commands/estimate'
import { jsonDocuments } from './jsonDocuments'
import { readLines } from './readLines'

const config = {
  model_type: 'llama',
  hidden_size: 64,
  intermediate_size: 128,
  num_hidden_layers: 2,
  num_attention_heads: 4,
  vocab_size: 100,
}

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'headroom-estimate-'))
  await fileAt('config.json', config)
})
afterAll(() => rm(folder, { recursive: true }))

async function fileAt(name: string, content: unknown): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content))
  return path
}

async function ask(options: EstimateOptions) {
  const { terminal, texts } = recordingTerminal({ columns: 200 })
  const code = await estimate(terminal, options)
  return { code, text: texts.out, document: options.json ? JSON.parse(texts.out) : null }
}

const askModel = (options: EstimateOptions) => ask({ model: folder, ...options })

const refusalOf = async (options: EstimateOptions): Promise<string> => {
  const error: unknown = await ask(options).catch((reason: unknown) => reason)
  if (!(error instanceof InputError)) throw new Error(`not refused by name: ${String(error)}`)
  return error.toLine()
}

describe('a bare number of parameters', () => {
  const textbook = { params: '7e9', precision: 'fp32,fp16,int8', optimizer: 'adamw', gpu: 't4' }

  it('is the textbook’s sum: 28 + 28 + 56 = 112 GB, 56, 28; loading alone 28, 14, 7', async () => {
    const { code, text } = await ask(textbook)
    expect(code).toBe(1)
    expect(text).toMatch(/^7,000,000,000 parameters by the textbook, training, adamw on NVIDIA T4/)
    expect(text).toMatch(/fp32 +28 \+ 28 \+ 56 = 112 GB +28 GB +does not fit/)
    expect(text).toMatch(/fp16 +14 \+ 14 \+ 28 = 56 GB +14 GB +does not fit/)
    expect(text).toMatch(/int8 +7 \+ 7 \+ 14 = 28 GB +7 GB +does not fit/)
  })

  it('is the same document for other programs', async () => {
    const { document } = await ask({ ...textbook, json: true })
    expect(jsonDocuments.estimates?.safeParse(document).error?.issues).toBeUndefined()
    expect(document.rows).toMatchObject([
      { precision: 'fp32', estimate: { totalPeakBytes: 112e9 }, loading: { totalPeakBytes: 28e9 } },
      { precision: 'fp16', estimate: { totalPeakBytes: 56e9 }, loading: { totalPeakBytes: 14e9 } },
      { precision: 'int8', estimate: { totalPeakBytes: 28e9 }, loading: { totalPeakBytes: 7e9 } },
    ])
  })

  it('may be written as people write it', async () => {
    for (const params of ['7e9', '7000000000', '7b', '0.007T', '7E+9']) {
      const { document } = await ask({ params, json: true })
      expect(document.parameterCount, params).toBe(7e9)
    }
  })

  it('fits where it does', async () => {
    expect((await ask({ params: '7b', task: 'infer', precision: 'int8', gpu: 't4' })).code).toBe(0)
  })
})

describe('a model', () => {
  it('is answered with the verdict first, its terms and what was assumed', async () => {
    const { code, text } = await askModel({ gpu: 't4' })
    expect(code).toBe(0)
    expect(text).toMatch(/^Fits: needs .* usable on NVIDIA T4, .* to spare\.\n/)
    expect(text).toMatch(/training, full · bf16 · adamw-fused · batch 1 × 512 tokens/)
    expect(text).toMatch(/Weights +186 KiB/)
    expect(text).toMatch(/Assumed\n {2}· /)
  })

  it('exits with 1 where it does not fit, 3 where that is too close to call, 0 without a GPU', async () => {
    const model = 'llama-3.1-8b'
    expect((await ask({ model, gpu: 't4' })).code).toBe(1)
    // 15.1 GiB of weights, and adapters with their activations: about the 22 GiB of an L4.
    expect((await ask({ model, gpu: 'l4', method: 'lora', rank: '16' })).code).toBe(3)
    const free = await ask({ model })
    expect(free.code).toBe(0)
    expect(free.text).toMatch(/^Needs .*\n[^]*Smallest GPU +.* \(/)
  })

  it('prints the one document that the schema describes, with and without --explain', async () => {
    const plain = await askModel({ json: true, solve: true, gpu: 't4' })
    expect(jsonDocuments.estimate?.safeParse(plain.document).error?.issues).toBeUndefined()
    expect(plain.document.maxBatchSize).toBeGreaterThan(1)
    const { document } = await askModel({ json: true, explain: true })
    expect(jsonDocuments.explanation?.safeParse(document).error?.issues).toBeUndefined()
  })

  it('explains every term by symbol, numbers, result and source', async () => {
    const { text } = await askModel({ explain: true })
    expect(text).toMatch(/M_weights = N × b\n +\S+ \d+ × 2 B\n +\S+ 190 kB = 186 KiB\n +shapes of/)
    expect(text).toMatch(/M_activations = /)
    expect(text).toMatch(/Live at the peak/)
  })

  it('says what would fit, what would help and what others say', async () => {
    const { text } = await ask({ model: 'llama-3.1-8b', gpu: 't4', solve: true })
    expect(text).toMatch(/Largest batch that fits +not even 1/)
    expect(text).toMatch(/QLoRA \(nf4, double quantization\) .* yes/)
    expect(text).toMatch(/accelerate estimate-memory/)
  })

  it('gets a row per precision where several are asked for', async () => {
    const { text } = await askModel({ precision: 'fp32,bf16', gpu: 't4' })
    expect(text).toMatch(/\nfp32 .*\nbf16 /)
  })

  it('is read from the flags field by field', async () => {
    const { document } = await askModel({
      json: true,
      method: 'lora',
      rank: '4',
      targets: 'q_proj,v_proj',
      batch: '2',
      sequenceLength: '32',
    })
    // 2 layers × 2 matrices × rank 4 × (64 + 64)
    expect(document.trainableParameterCount).toBe(2 * 2 * 4 * 128)
  })

  it('takes --sequence-length for the prompt in inference', async () => {
    const short = await askModel({ json: true, task: 'infer', sequenceLength: '16' })
    const long = await askModel({ json: true, task: 'infer', promptLength: '16' })
    expect(short.document).toEqual(long.document)
  })
})

describe('training files', () => {
  const args = { per_device_train_batch_size: 4, bf16: true, optim: 'adamw_torch' }

  it('fill the job, and the assumptions say what came from where', async () => {
    const adapter = { peft_type: 'LORA', r: 4, target_modules: ['q_proj'] }
    const files = [
      await fileAt('args.json', args),
      await fileAt('adapter_config.json', adapter),
      await fileAt('ds.json', { bf16: { enabled: true }, zero_optimization: { stage: 2 } }),
    ]
    const { document } = await askModel({ json: true, config: files })
    expect(document.trainableParameterCount).toBe(2 * 4 * 128)
    const said: string = document.assumptions.join('\n')
    expect(said).toMatch(/from args\.json: .*batchSize.*optimizer/)
    expect(said).toMatch(/from adapter_config\.json: method/)
    expect(said).toMatch(/said by nobody, so as usual: sequenceLength 512/)
    expect(said).not.toMatch(/autocast/)
  })

  it('yield to flags, aloud', async () => {
    const file = await fileAt('args.json', args)
    const { document } = await askModel({ json: true, config: [file], batch: '1' })
    const alone = await askModel({
      json: true,
      precision: 'amp-bf16',
      optimizer: 'adamw-foreach',
    })
    expect(document.totalPeakBytes).toBe(alone.document.totalPeakBytes)
    expect(document.assumptions.join()).toMatch(/flags replace what the files say of batchSize/)
  })

  it('name the base model where no --model does', async () => {
    const yaml = 'base_model: meta-llama/Llama-3.1-8B\nmicro_batch_size: 1\nbf16: true\n'
    const { document } = await ask({ json: true, config: [await fileAt('x.yml', yaml)] })
    expect(document.parameterCount).toBe(8_030_261_248)
    const { text } = await ask({ config: [join(folder, 'x.yml')] })
    expect(text).toMatch(/\nmeta-llama\/Llama-3\.1-8B · training/)
    const other = await fileAt('y.yml', yaml.replace('meta-llama/', 'somebody/'))
    expect(await refusalOf({ config: [other] })).toMatch(
      /^y\.yml: base model: "somebody\/Llama-3\.1-8B" is not in the catalogue; give/,
    )
  })

  it('are named where they and the model disagree', async () => {
    const adapter = { peft_type: 'LORA', r: 4, target_modules: ['wq'] }
    const file = await fileAt('adapter_config.json', adapter)
    expect(await refusalOf({ model: folder, config: [file] })).toMatch(
      /^adapter_config\.json: method\.targets\.0: "wq" is no linear layer/,
    )
  })
})

describe('bad input', () => {
  it.each<readonly [EstimateOptions, RegExp]>([
    [{}, /^--model: is missing/],
    [{ model: 'nope' }, /^--model: "nope" is not in the catalogue/],
    [{ model: 'nope.json' }, /^nope\.json: is not there/],
    [{ model: 'gpt2', batch: '0' }, /^--batch: 0 is not accepted: give a whole number from 1 to/],
    [{ model: 'gpt2', batch: '-1' }, /^--batch: -1 is not accepted/],
    [{ model: 'gpt2', batch: '1e308' }, /^--batch: 1e\+308 is not accepted/],
    [{ model: 'gpt2', batch: 'NaN' }, /^--batch: "NaN" is not possible/],
    [{ model: 'gpt2', batch: '1.5' }, /^--batch: "1\.5" is not possible, give a whole number/],
    [{ model: 'gpt2', gpus: '0' }, /^--gpus: 0 is not accepted/],
    [{ model: 'gpt2', precision: 'fp7' }, /^--precision: "fp7" is not accepted: choose fp32, fp16/],
    [
      { model: 'gpt2', precision: 'int8' },
      /^--precision: int8 is a precision of the textbook only/,
    ],
    [{ model: 'gpt2', gpu: 'rtx-9999' }, /^--gpu: "rtx-9999" is not a known GPU/],
    [{ model: 'gpt2', gpu: 't4,l4' }, /^--gpu: .*headroom fit takes a list/],
    [{ model: 'gpt2', task: 'fly' }, /^--task: "fly" is not possible, choose train, infer/],
    [
      { model: 'gpt2', task: 'infer', optimizer: 'sgd' },
      /^--optimizer: has no meaning with --task/,
    ],
    [{ model: 'gpt2', generate: '4' }, /^--generate: has no meaning with --task train/],
    [{ model: 'gpt2', bits: '4' }, /^--quantization: is missing/],
    [
      { model: 'gpt2', method: 'lora', targets: 'wq' },
      /^--targets: "wq" is no linear layer of gpt2/,
    ],
    [{ params: '7x' }, /^--params: "7x" is not possible/],
    [{ params: '1e308' }, /^--params: "1e308" is not possible/],
    [{ params: '-7e9' }, /^--params: "-7e9" is not possible/],
    [{ params: '7e9', batch: '3' }, /^--batch: has no meaning for a bare number of parameters/],
    [{ params: '7e9', model: 'gpt2' }, /^--params: contradicts --model/],
    [{ params: '7e9', optimizer: 'lion' }, /^--optimizer: the textbook knows/],
    [{ jobs: 'nowhere.jsonl' }, /^--jobs: nowhere\.jsonl is not there/],
    [{ jobs: '-', model: 'gpt2' }, /^--model: has no meaning beside --jobs/],
  ])('%j is refused in one line', async (options, line) => {
    expect(await refusalOf(options)).toMatch(line)
  })
})

describe('--jobs', () => {
  const job = (fields: object) =>
    JSON.stringify({ task: 'train', model: { path: 'config.json' }, ...fields })

  it('answers each line in its place, models found beside the file', async () => {
    const lines = [job({ id: 'a' }), '', job({ id: 'b', batchSize: 0 }), '{', job({ id: 'c' })]
    const { code, text } = await ask({ jobs: await fileAt('jobs.jsonl', lines.join('\r\n')) })
    expect(code).toBe(2)
    const answers = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as object)
    expect(answers).toMatchObject([
      { id: 'a', schema: 'headroom/estimate/1' },
      { id: 'b', error: { code: 'INVALID_VALUE', path: 'batchSize' } },
      { id: null, error: { code: 'INVALID_VALUE' } },
      { id: 'c', schema: 'headroom/estimate/1' },
    ])
  })

  it('exits with 0 where every line was answered, whatever the verdicts', async () => {
    const jobs = await fileAt('ok.jsonl', job({ model: { name: 'llama-3.1-405b' }, gpu: 't4' }))
    expect((await ask({ jobs })).code).toBe(0)
  })
})

describe('readLines', () => {
  async function* chunksOf(text: string, size: number) {
    const bytes = new TextEncoder().encode(text)
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
  }

  it.each([1, 2, 3, 1000])('finds lines across chunks of %i bytes', async (size) => {
    const lines = []
    for await (const line of readLines(chunksOf('één\n\nzwei\r\ndrei', size))) lines.push(line)
    expect(lines).toEqual(['één', '', 'zwei', 'drei'])
  })

  it('keeps no more of a line than it takes to refuse it', async () => {
    const long = `${'x'.repeat(5 * 1024 * 1024)}\nshort`
    const lengths = []
    for await (const line of readLines(chunksOf(long, 65_536))) lengths.push(line.length)
    expect(lengths).toEqual([4 * 1024 * 1024 + 1, 5])
  })
})
