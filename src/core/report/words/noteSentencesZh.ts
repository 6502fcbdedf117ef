import type { SentencePair } from './translateSentence'

/** What a record notes of its steps (planStep, latency statistics, engine events), in Chinese. */
export const noteSentencesZh: readonly SentencePair[] = [
  [
    'fp16-mixed: weights and optimizer stay fp32, and the loss is scaled',
    'fp16-mixed：权重与优化器保持 fp32，并对损失做缩放',
  ],
  [
    'the CPU widens fp16 to fp32 when it loads the network: neither memory nor speed is gained',
    'CPU 在加载网络时把 fp16 扩展为 fp32：既不省内存，也不更快',
  ],
  [
    'int8-qat: computes in fp32 with what int8 would make of every weight and activation',
    'int8-qat：以 fp32 计算，但每个权重与激活值都先取 int8 所能表示的值',
  ],
  [
    'adapters of rank {{rank}} are trained beside {{base}}, stored in {{bits}} bits',
    '在{{base}}之外训练秩为 {{rank}} 的适配器，基座以 {{bits}} 位存储',
  ],
  [
    'adapters of rank {{rank}} are trained beside {{base}}',
    '在{{base}}之外训练秩为 {{rank}} 的适配器',
  ],
  ['the weights that come with the application', '应用自带的权重'],
  ['drawn weights, which no adapter makes up for', '随机抽取的权重（适配器无法弥补）'],
  [
    'weights are stored in 8 bits and computed with in fp32: no int8 speed',
    '权重以 8 位存储、以 fp32 计算：没有 int8 的速度',
  ],
  [
    'its weights are drawn, not trained: speed, memory and the distance from fp32 are real, perplexity says nothing',
    '权重是随机抽取的，未经训练：速度、内存以及与 fp32 的差距是真实的，困惑度没有意义',
  ],
  [
    '{{count}} of {{all}} layers are run; take 2 or more to have all of them predicted',
    '运行 {{all}} 层中的 {{count}} 层；取 2 层以上才能预测整个模型',
  ],
  [
    '{{count}} of {{all}} layers are run; half of them are measured, too, and all {{total}} predicted',
    '运行 {{all}} 层中的 {{count}} 层；另测其一半，并据此预测全部 {{total}} 层',
  ],
  [
    'measured in {{count}} fresh processes; their latency samples follow one another, and only the first measures memory and accuracy',
    '在 {{count}} 个全新进程中测量；延迟样本依次相接，只有第一个进程测量内存与准确率',
  ],
  [
    '{{count}} of {{needed}} samples needed for a 95 % interval: it spans all samples instead',
    '95 % 区间需要 {{needed}} 个样本，只有 {{count}} 个：区间取全部样本的范围',
  ],
  [
    'the first sample is an outlier: caches may have been cold',
    '第一个样本是离群值：缓存可能尚未预热',
  ],
  [
    '{{outliers}} of {{count}} samples are outliers; they are counted in',
    '{{count}} 个样本中有 {{outliers}} 个离群值；均计入统计',
  ],
  [
    'other programs kept {{busy}} of {{all}} processors busy meanwhile and none was free: nothing is called faster or slower by these times',
    '测量期间其他程序占用了 {{all}} 个处理器中的 {{busy}} 个且没有空闲：不据此判断快慢',
  ],
  [
    'no steady state: the latency was still changing while it was measured',
    '未达稳态：测量期间延迟仍在变化',
  ],
  [
    'the first {{count}} samples lie on another level: still warming up',
    '前 {{count}} 个样本处于另一水平：仍在预热',
  ],
  [
    '{{count}} nodes ran on {{provider}}, not on {{requested}}: the times are of both',
    '有 {{count}} 个节点在 {{provider}} 而非 {{requested}} 上运行：时间包含两者',
  ],
  [
    'each sample is the mean of {{count}} runs, too short to be timed alone: no percentile of single runs is known',
    '每个样本是 {{count}} 次运行的平均，单次太短无法计时：单次运行的百分位数未知',
  ],
  [
    '{{name}} is a stand-in for a GPU: no time, no accuracy and no loss of this step means anything',
    '{{name}} 只是 GPU 的替身：此步骤的时间、准确率与损失都没有意义',
  ],
]
