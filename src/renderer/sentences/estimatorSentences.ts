import type { SentencePair } from '../../core/report/words/translateSentence'

/**
 * What `core/estimate` and `core/models` say, in Chinese. A changed English sentence is a missing one
 * here, which the test beside finds. More particular patterns come before more general ones.
 */
export const estimatorSentences: readonly SentencePair[] = [
  // Assumptions
  ['interval of the tensors: {{source}}', '张量的区间：{{source}}'],
  [
    'residuals of {{n}} recorded steps without checkpointing',
    '{{n}} 次未用重计算的实测训练步的残差',
  ],
  ['residuals of {{n}} recorded steps with checkpointing', '{{n}} 次使用重计算的实测训练步的残差'],
  [
    'residuals of {{n}} recorded steps with latent attention',
    '{{n}} 次潜变量注意力（MLA）实测训练步的残差',
  ],
  [
    'residuals of {{n}} published QLoRA runs of litgpt and torchtune',
    'litgpt 与 torchtune 公布的 {{n}} 次 QLoRA 运行的残差',
  ],
  [
    'residuals of {{n}} published generations of Qwen2 and Qwen2.5 in bf16',
    'Qwen2、Qwen2.5 公布的 {{n}} 次 bf16 生成的残差',
  ],
  [
    'residuals of {{n}} published generations of Qwen2.5 and AutoAWQ in 4 and 8 bits',
    'Qwen2.5、AutoAWQ 公布的 {{n}} 次 4 位、8 位生成的残差',
  ],
  [
    'no recorded step of several GPUs or with offloading: ±6 % by judgement',
    '没有多 GPU 或卸载的实测训练步：按经验取 ±6 %',
  ],
  [
    'residuals of all recorded steps with their model_type hidden',
    '隐去 model_type 后全部实测训练步的残差',
  ],
  [
    'held to 5 % of what ONNX Runtime’s own profile counts (onnxGraphMemory.test.ts)',
    '与 ONNX Runtime 自身的剖析结果相差不超过 5 %（onnxGraphMemory.test.ts）',
  ],
  [
    '{{count}} GPUs without sharding: each holds everything',
    '{{count}} 张 GPU 未切分：每张都保存全部内容',
  ],
  [
    'pipeline: layers are split evenly; the stage counted holds embedding and head, and one micro-batch',
    '流水线并行：各层平均切分；所计阶段含词嵌入与输出头，以及一个微批次',
  ],
  [
    'no time: what is offloaded crosses the bus, which no row of the table tells',
    '无法估计时间：卸载的数据要经过总线，而数据表中没有总线带宽',
  ],
  ['time: without what GPUs tell each other', '时间不含 GPU 之间的通信'],
  [
    'offload: what is on the host is not counted; one layer is on its way at a time',
    '卸载：主机上的部分不计入；同一时刻只有一层在传输',
  ],
  [
    'paged optimizer states may be moved to the host and are not counted',
    '分页的优化器状态可被移到主机内存，因此不计入',
  ],
  [
    'KV cache as the compressed latent; implementations that expand it need more',
    'KV 缓存按压缩后的潜变量计；会展开它的实现需要更多显存',
  ],
  [
    'layers with a sliding window keep no more than the window',
    '使用滑动窗口的层只保留窗口内的内容',
  ],
  ['weights as the config stores them: {{scheme}}', '权重按配置中的存储方式计：{{scheme}}'],
  ['weights stored as fp8 are converted before training', '以 fp8 存储的权重在训练前会被转换'],
  [
    'weights stored by "{{method}}" are counted unquantized, in the job\'s own precision',
    '以 “{{method}}” 存储的权重按未量化、任务自身精度计',
  ],
  [
    'weights as the GGUF file stores them: {{type}}, {{bits}} bits each',
    '权重按 GGUF 文件的存储方式计：{{type}}，每个 {{bits}} 位',
  ],
  ['of no named mixture', '无名称的混合量化'],
  [
    'the weights have {{elements}} elements, the configuration means {{count}} parameters: the latter are counted',
    '权重文件含 {{elements}} 个元素，而配置意味着 {{count}} 个参数：按后者计',
  ],
  [
    'QLoRA without a quantization: nf4 with double quantization',
    'QLoRA 未指定量化方式：按 nf4 加双重量化计',
  ],
  ['only the text model inside this config is estimated', '只估计此配置中的文本模型'],
  [
    'model_type "{{type}}" is not known: estimated as one like {{name}} from its usual fields',
    '未知的 model_type “{{type}}”：按常用字段、以类似 {{name}} 的模型估计',
  ],
  [
    'activation "{{name}}" is not known: counted as one that keeps its input',
    '未知的激活函数 “{{name}}”：按会保留输入的激活函数计',
  ],
  [
    '{{gpu}} has no bf16 units: PyTorch emulates it, slower than fp16 of the same size',
    '{{gpu}} 没有 bf16 运算单元：PyTorch 以模拟方式计算，占用与 fp16 相同，但更慢',
  ],
  [
    '{{gpu}}: {{share}} × the marketed {{total}} is taken as usable, no figure of CUDA is on record; the system shares it',
    '{{gpu}}：没有 CUDA 可见显存的记录，按标称 {{total}} 的 {{share}} 倍计；且与系统共用',
  ],
  [
    '{{gpu}}: {{share}} × the marketed {{total}} is taken as usable, no figure of CUDA is on record',
    '{{gpu}}：没有 CUDA 可见显存的记录，按标称 {{total}} 的 {{share}} 倍计',
  ],
  [
    '{{gpu}}: {{share}} × the total {{total}} is taken as usable, no figure of CUDA is on record; the system shares it',
    '{{gpu}}：没有 CUDA 可见显存的记录，按总量 {{total}} 的 {{share}} 倍计；且与系统共用',
  ],
  [
    '{{gpu}}: {{share}} × the total {{total}} is taken as usable, no figure of CUDA is on record',
    '{{gpu}}：没有 CUDA 可见显存的记录，按总量 {{total}} 的 {{share}} 倍计',
  ],
  [
    'a floor: {{name}} holds weights and no configuration, so activations, caches, batch and lengths are not counted; the upper end of the interval is open',
    '这是下限：{{name}} 只有权重、没有配置，因此激活值、缓存、批大小与长度均未计入；区间没有上限',
  ],
  [
    'parameterCount is that of all stored elements; packed ones hold several weights each',
    '参数量按全部存储的元素计；打包的元素各含多个权重',
  ],

  // Formulas that have words
  ['N_t × b, as far as they exist at the peak', 'N_t × b，峰值时已存在的部分'],
  ['Σ tensors that forward leaves for backward', 'Σ 前向为反向留下的张量'],
  ['Σ gradients of activations and buffers alive at the peak', 'Σ 峰值时存活的激活值梯度与缓冲区'],
  ['context + workspaces + allocator slack', '上下文 + 工作区 + 分配器余量'],
  ['largest set of tensors alive in one forward pass', '一次前向中同时存活的最大一组张量'],
  ['one layer’s keys, copied into a longer tensor', '复制到更长张量中的一层键'],
  ['batch × layers × 2 × h_kv × d × tokens × b', '批大小 × 层数 × 2 × h_kv × d × token 数 × b'],
  ['(rows + columns) × 4', '（行数 + 列数）× 4'],
  [
    '0 (states live in memory that CUDA pages to the host)',
    '0（状态位于可由 CUDA 换页到主机的内存中）',
  ],
  [
    '0 (states live in memory that CUDA pages to the host) + N_t × 4',
    '0（状态位于可由 CUDA 换页到主机的内存中）+ N_t × 4',
  ],
  ['Σ bytes of the stored tensors', 'Σ 存储张量的字节数'],
  ['context', '上下文'],

  // Formulas with the job's numbers
  [
    '{{context}} + {{slack}} ({{share}} of what changes in the step, and pools)',
    '{{context}} + {{slack}}（训练步中变动部分的 {{share}} 倍，以及内存池）',
  ],
  [
    '{{what}}, on one of {{count}} GPUs ({{sharding}})',
    '{{what}}，{{count}} 张 GPU 中的一张（{{sharding}}）',
  ],
  ['{{base}} + {{bytes}} B of adapters', '{{base}} + 适配器 {{bytes}} B'],
  [
    'batch {{batch}} × {{tokens}} tokens × {{layers}} layers, {{attention}} attention, checkpointing {{checkpointing}}',
    '批大小 {{batch}} × {{tokens}} token × {{layers}} 层，注意力 {{attention}}，重计算 {{checkpointing}}',
  ],
  [
    'batch {{batch}} × {{tokens}} tokens × {{layers}} layers',
    '批大小 {{batch}} × {{tokens}} token × {{layers}} 层',
  ],
  ['batch {{batch}} × {{tokens}} tokens', '批大小 {{batch}} × {{tokens}} token'],
  [
    '{{batch}} × {{layers}} × 2 × {{heads}} heads × {{size}} × {{tokens}} × {{width}} B',
    '{{batch}} × {{layers}} × 2 × {{heads}} 头 × {{size}} × {{tokens}} × {{width}} B',
  ],
  ['{{count}} layers', '{{count}} 层'],
  ['{{size}} in {{file}}', '{{file}} 中的 {{size}}'],

  // Sources
  [
    'shapes of config.json; storage of the scheme (docs/estimator.md, weights)',
    'config.json 给出的形状；该方案的存储方式（docs/estimator.md，weights）',
  ],
  [
    'PyTorch makes a parameter’s gradient in its own type when backward reaches it',
    '反向传播到达某参数时，PyTorch 以该参数的类型生成其梯度',
  ],
  [
    'pytorch tools/autograd/derivatives.yaml and transformers modeling code, walked in order',
    '按执行顺序走读 pytorch tools/autograd/derivatives.yaml 与 transformers 的模型代码',
  ],
  [
    'PyTorch’s autograd engine: nodes run newest first, gradients freed when used',
    'PyTorch 的 autograd 引擎：后生成的节点先执行，梯度用完即释放',
  ],
  [
    'keys and values of every token and layer; a sliding window keeps no more than itself',
    '每个 token、每一层的键与值；滑动窗口只保留窗口内的部分',
  ],
  [
    'transformers modeling code, walked in order without a graph',
    '按执行顺序走读 transformers 的模型代码，不建计算图',
  ],
  ['transformers DynamicCache.update: torch.cat', 'transformers 的 DynamicCache.update：torch.cat'],
  [
    'stas00/ml-engineering training/performance: A100, PyTorch 2.1 with lazy loading',
    'stas00/ml-engineering training/performance：A100、PyTorch 2.1、延迟加载',
  ],
  ['0.92 GiB with eager loading', '立即加载时为 0.92 GiB'],
  ['measured by a probe of this machine', '由本机探测实测'],
  [
    "replay of the allocator's rules over {{n}} full steps without checkpointing",
    '对 {{n}} 次未用重计算的全量训练步重放分配器规则',
  ],
  [
    "replay of the allocator's rules over {{n}} full steps with checkpointing",
    '对 {{n}} 次使用重计算的全量训练步重放分配器规则',
  ],
  [
    "replay of the allocator's rules over {{n}} LoRA steps without checkpointing",
    '对 {{n}} 次未用重计算的 LoRA 训练步重放分配器规则',
  ],
  [
    "replay of the allocator's rules over {{n}} LoRA steps with checkpointing",
    '对 {{n}} 次使用重计算的 LoRA 训练步重放分配器规则',
  ],
  ['no replay of inference: by judgement', '推理没有重放数据：按经验取值'],
  [
    'Loshchilov & Hutter 2019, algorithm 2; torch.optim.AdamW(fused=True)',
    'Loshchilov & Hutter 2019，算法 2；torch.optim.AdamW(fused=True)',
  ],
  [
    'torch/optim/adamw.py, _multi_tensor_adamw: states, and √v of all tensors at once',
    'torch/optim/adamw.py，_multi_tensor_adamw：状态，以及同时存在的全部张量的 √v',
  ],
  [
    'Dettmers et al. 2022, 8-bit optimizers: one byte a value, one fp32 per block of 256',
    'Dettmers 等 2022，8 位优化器：每个值一个字节，每 256 个值一个 fp32',
  ],
  ['plain gradient descent', '普通梯度下降'],
  [
    'torch.optim.SGD(momentum=…, fused=True): one velocity per parameter',
    'torch.optim.SGD(momentum=…, fused=True)：每个参数一个动量',
  ],
  [
    'Chen et al. 2023, algorithm 2: one moment; one update per tensor on the way',
    'Chen 等 2023，算法 2：一个动量；同一时刻只有一个张量的更新',
  ],
  [
    'Shazeer & Stern 2018, algorithm 4; transformers/optimization.py: fp32 gradient, update and parameter of one tensor',
    'Shazeer & Stern 2018，算法 4；transformers/optimization.py：一个张量的 fp32 梯度、更新与参数',
  ],
  ['header of the {{format}} file', '{{format}} 文件头'],
  [
    'datasheet of {{gpu}}, {{rate}} of its rate and {{bandwidth}} of its bandwidth',
    '{{gpu}} 的数据手册：取其算力的 {{rate}} 倍、带宽的 {{bandwidth}} 倍',
  ],

  // Other calculators
  ['LLaMA-Factory’s table', 'LLaMA-Factory 的表格'],
  ['DeepSpeed ZeRO estimator', 'DeepSpeed ZeRO 估算器'],
  ['4 × weights', '4 × 权重'],
  ['16 bytes per parameter', '每个参数 16 字节'],
  [
    'accelerate 1.15 src/accelerate/commands/estimate.py, gather_data and estimate_training_usage',
    'accelerate 1.15 src/accelerate/commands/estimate.py 的 gather_data 与 estimate_training_usage',
  ],
  [
    'deepspeed 0.19 runtime/zero/stage_1_and_2.py and stage3.py, estimate_…_mem_needs: 2N + 18N/n; 4 × largest module + 18N/n',
    'deepspeed 0.19 runtime/zero/stage_1_and_2.py 与 stage3.py，estimate_…_mem_needs：2N + 18N/n；4 × 最大的模块 + 18N/n',
  ],
  [
    'LLaMA-Factory README, hardware requirement: 18, 8, 2, 1, ½, ¼ GB per 10⁹ parameters',
    'LLaMA-Factory README 的硬件要求：每 10⁹ 参数 18、8、2、1、½、¼ GB',
  ],
  [
    'rule of thumb: weights, gradients and two moments in one type',
    '经验法则：权重、梯度与两个动量使用同一类型',
  ],
  [
    'Rajbhandari et al. 2020, §3.1: mixed precision with Adam, model states only',
    'Rajbhandari 等 2020，§3.1：Adam 混合精度训练，只计模型状态',
  ],

  // Refusals: what is wrong comes after the file and the field
  [
    '{{field}}: is missing from the config: nothing can be estimated without it',
    '{{field}}：配置中缺少该字段，没有它无法估计',
  ],
  [
    '{{where}}: the model is stored as {{scheme}}, which cannot be trained in full; use qlora or lora',
    '{{where}}：模型以 {{scheme}} 存储，无法全量训练；请改用 qlora 或 lora',
  ],
  [
    '{{where}}: hidden_size {{size}} is not a multiple of {{heads}} heads; give head_dim',
    '{{where}}：hidden_size {{size}} 不是 {{heads}} 个头的整数倍；请给出 head_dim',
  ],
  [
    '{{where}}: {{count}} key/value heads cannot be shared by {{heads}} query heads',
    '{{where}}：{{heads}} 个查询头无法共享 {{count}} 个键/值头',
  ],
  [
    '{{where}}: {{count}} layers are more than any model has; at most {{most}} are estimated',
    '{{where}}：{{count}} 层超过任何模型；最多估计 {{most}} 层',
  ],
  [
    '{{where}}: "{{kind}}" layers are not modelled; only layers of attention are',
    '{{where}}：不支持 “{{kind}}” 层，只支持注意力层',
  ],
  [
    '{{where}}: its {{format}} weights do not say how they are trained; use infer, or give config.json',
    '{{where}}：{{format}} 权重没有说明如何训练；请选择推理，或提供 config.json',
  ],
  ['{{where}}: "{{type}}" is not modelled: {{reason}}', '{{where}}：不支持 “{{type}}”：{{reason}}'],
  ['all its layers share one set of weights', '其所有层共用同一组权重'],
  ['its attention has separate terms for content and position', '其注意力分内容与位置两类项计算'],
  ['its attention hashes tokens into buckets', '其注意力通过哈希将 token 分桶'],
  ['its attention is a band with global tokens', '其注意力为带状窗口，另有全局 token'],
  ['its attention has two streams', '其采用双流注意力'],
  ['{{where}}: {{value}} is not accepted: {{advice}}', '{{where}}：不接受 {{value}}：{{advice}}'],
  [
    'the file is not an object: give the content of a config.json',
    '该文件不是一个对象：请给出 config.json 的内容',
  ],
  ['this is not JSON: {{where}}', '这不是 JSON：{{where}}'],
  ['this is not JSON', '这不是 JSON'],
  [
    '{{count}} characters are no config.json: {{most}} at most',
    '{{count}} 个字符不可能是 config.json：最多 {{most}} 个',
  ],
  ['give true or false', '请给出 true 或 false'],
  ['give a list', '请给出列表'],
  ['give a number from 0 to 1', '请给出 0 到 1 之间的数'],
  ['give an object', '请给出对象'],
  ['give a text', '请给出文本'],
  ['give a whole number from {{min}} to {{max}}', '请给出 {{min}} 到 {{max}} 之间的整数'],
]
