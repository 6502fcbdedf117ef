import type { SentencePair } from './translateSentence'

/** Why a step was skipped or failed (planStep, engine, its process), in Chinese. */
export const reasonSentencesZh: readonly SentencePair[] = [
  [
    'the loss became {{loss}} in step {{step}} at a learning rate of {{rate}}',
    '第 {{step}} 步的损失变为 {{loss}}，当时学习率为 {{rate}}',
  ],
  [
    'the loss became {{loss}} in epoch {{epoch}} at a learning rate of {{rate}}',
    '第 {{epoch}} 轮的损失变为 {{loss}}，当时学习率为 {{rate}}',
  ],
  [
    'the host could not allocate a buffer of {{bytes}} bytes',
    '主机无法分配 {{bytes}} 字节的缓冲区',
  ],
  ['the host could not allocate a buffer', '主机无法分配缓冲区'],
  [
    'the device could not allocate a buffer of {{bytes}} bytes',
    '设备无法分配 {{bytes}} 字节的缓冲区',
  ],
  ['the device could not allocate a buffer', '设备无法分配缓冲区'],
  [
    'this network needs cuDNN, which is not there: fetch it with headroom setup cuda, or take a network without convolutions',
    '此网络需要 cuDNN，但本机没有：用 headroom setup cuda 获取，或选用不含卷积的网络',
  ],
  [
    '{{provider}} cannot run every operator of this network, and nothing is moved to the CPU in silence',
    '{{provider}} 不能运行此网络的全部算子，而 Headroom 不会悄悄改用 CPU',
  ],
  ['this device has no fp16: take fp32 or int8', '此设备不支持 fp16：请选 fp32 或 int8'],
  ['the device stopped answering', '设备停止响应'],
  ['ONNX Runtime failed: {{details}}', 'ONNX Runtime 出错：{{details}}'],
  ['the engine process ran out of host memory', '引擎进程耗尽主机内存'],
  [
    'the engine process asked for more host memory in one piece than it may have (SIGTRAP)',
    '引擎进程一次申请的主机内存超过允许的上限（SIGTRAP）',
  ],
  [
    'the engine process was killed from outside (SIGKILL); Linux does that when memory runs out',
    '引擎进程被外部终止（SIGKILL）；内存耗尽时 Linux 会这样做',
  ],
  ['the engine process crashed ({{signal}})', '引擎进程崩溃（{{signal}}）'],
  ['the engine process could not be started', '引擎进程无法启动'],
  ['the engine process ended without a result', '引擎进程没有给出结果就结束了'],
  [
    'the engine process ended by itself with exit code {{code}}',
    '引擎进程自行退出，退出码 {{code}}',
  ],
  ['the engine could not be started: {{error}}', '引擎无法启动：{{error}}'],
  [
    'the engine was silent for more than {{seconds}} s and was ended',
    '引擎超过 {{seconds}} 秒没有响应，已被终止',
  ],
  ['the engine refused the step: {{error}}', '引擎拒绝了该步骤：{{error}}'],
  ['the engine was lost: {{error}}', '与引擎的连接中断：{{error}}'],
  ['Headroom itself ended while this step ran', '该步骤运行时 Headroom 自身退出'],
  ['Headroom itself ended before this step began', '该步骤开始前 Headroom 自身已退出'],
  [
    'bf16 has too few ONNX Runtime kernels to run this network: choose fp16 or fp32',
    'ONNX Runtime 的 bf16 内核太少，无法运行此网络：请选 fp16 或 fp32',
  ],
  [
    'inference in int8 is not built for text networks: choose fp16 or fp32',
    '文本网络没有 int8 推理：请选 fp16 或 fp32',
  ],
  [
    'its weights take {{size}} in {{precision}}, and a model file holds at most 2 GiB: take fewer layers',
    '其权重在 {{precision}} 下占 {{size}}，而模型文件最多 2 GiB：请减少层数',
  ],
  [
    'bf16-mixed needs a GPU that has bf16 (NVIDIA Ampere or newer, through CUDA): train in fp16 or fp32',
    'bf16-mixed 需要支持 bf16 的 GPU（NVIDIA Ampere 或更新，经由 CUDA）：请用 fp16 或 fp32 训练',
  ],
  [
    'quantization-aware training trains all weights: take method full',
    '量化感知训练会训练全部权重：请选 full 方法',
  ],
  [
    '{{method}} adapts decoders for text: choose a gpt, or method full',
    '{{method}} 只用于文本解码器：请选 gpt 网络，或 full 方法',
  ],
]
