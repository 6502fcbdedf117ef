import type { SentencePair } from '../../core/report/words/translateSentence'

/**
 * What the doctor's checks found and what to do about it (`profiler/doctor`), in Chinese. Versions,
 * paths and what a driver or a tool printed stay as they are.
 */
export const checkSentences: readonly SentencePair[] = [
  // Versions
  [
    'Headroom {{version}} on {{runtime}}: its engine does not start',
    'Headroom {{version}}（{{runtime}}）：引擎无法启动',
  ],
  ['Install the packages again', '重新安装依赖包'],

  // Folders
  ['{{folder}} cannot be written ({{code}})', '{{folder}} 无法写入（{{code}}）'],
  ['Set HEADROOM_DATA to a folder that can be written', '将 HEADROOM_DATA 设为可写的目录'],
  ['no data folder', '没有数据目录'],
  [
    '{{free}} free for the data folder, and setting CUDA up takes {{needed}}',
    '数据目录所在磁盘空闲 {{free}}，而配置 CUDA 需要 {{needed}}',
  ],
  ['{{free}} free for the data folder', '数据目录所在磁盘空闲 {{free}}'],
  [
    'Free some, or set HEADROOM_DATA to a folder on another disk',
    '清理出一些空间，或将 HEADROOM_DATA 设为其他磁盘上的目录',
  ],
  ['opens, {{count}} runs, checksums right', '可以打开，共 {{count}} 次运行，校验和正确'],
  [
    '{{damaged}} of {{count}} runs no longer have the checksum they were stored with',
    '{{count}} 次运行中有 {{damaged}} 次的校验和与存入时不符',
  ],
  [
    'Do not trust these runs; remove them on the page History',
    '这些运行不可信；请在“历史”页中将其移除',
  ],
  [
    'a newer Headroom wrote this history (version {{version}}, this one knows {{known}}): update Headroom, or set HEADROOM_DATA to another folder',
    '历史记录由更新版本的 Headroom 写入（版本 {{version}}，当前只支持到 {{known}}）：请更新 Headroom，或将 HEADROOM_DATA 设为其他目录',
  ],
  [
    'the history cannot be opened ({{error}}): make the folder writable, or set HEADROOM_DATA to another one',
    '历史记录无法打开（{{error}}）：请将目录改为可写，或将 HEADROOM_DATA 设为其他目录',
  ],

  // The driver
  ['NVIDIA driver {{version}}, 1 GPU', 'NVIDIA 驱动 {{version}}，1 块 GPU'],
  ['NVIDIA driver {{version}}, {{count}} GPUs', 'NVIDIA 驱动 {{version}}，{{count}} 块 GPU'],
  ['of unknown version', '未知版本'],
  ['no nvidia-smi: no NVIDIA driver here', '没有 nvidia-smi：本机没有 NVIDIA 驱动'],
  ['nvidia-smi does not answer: the driver hangs', 'nvidia-smi 没有响应：驱动已挂起'],
  ['nvidia-smi finds no GPU', 'nvidia-smi 未发现 GPU'],
  [
    'The driver was updated and the old one is still loaded: restart the machine',
    '驱动已更新，但内核中加载的仍是旧版本：请重启本机',
  ],
  ["The kernel's log says why the driver found none", '驱动未发现 GPU 的原因见内核日志'],

  // NVML
  ['NVML does not answer: the driver hangs', 'NVML 没有响应：驱动已挂起'],
  ["The kernel's log says what happened", '原因见内核日志'],
  ['NVML took its process with it: {{reason}}', 'NVML 导致其进程退出：{{reason}}'],
  ['it ended with code {{code}}: {{said}}', '退出码 {{code}}：{{said}}'],
  ['it ended with code {{code}}', '退出码 {{code}}'],
  ['it ended by {{signal}}: {{said}}', '被 {{signal}} 终止：{{said}}'],
  ['it ended by {{signal}}', '被 {{signal}} 终止'],
  ['NVML ({{library}}) is not here: no NVIDIA driver', '没有 NVML（{{library}}）：无 NVIDIA 驱动'],
  [
    'NVML ({{library}}) is not here, though the host has an NVIDIA GPU',
    '没有 NVML（{{library}}），而宿主机有 NVIDIA GPU',
  ],
  [
    "Start the container with the NVIDIA Container Toolkit, which brings the driver's libraries in",
    '用 NVIDIA Container Toolkit 启动容器，它会带入驱动的库',
  ],
  [
    "NVML ({{library}}) is not here: the GPU has no driver of NVIDIA's",
    '没有 NVML（{{library}}）：该 GPU 没有 NVIDIA 的驱动',
  ],
  [
    'NVML ({{library}}) is not here, though the kernel has driver {{version}}',
    '没有 NVML（{{library}}），而内核已加载驱动 {{version}}',
  ],
  [
    "Install the driver's libraries from where the driver came from",
    '从驱动的同一来源安装其配套的库',
  ],
  ['NVML does not start: it does not start', 'NVML 无法启动'],
  [
    'NVML does not start: /dev/nvidia* may not be opened by this user',
    'NVML 无法启动：当前用户无权打开 /dev/nvidia*',
  ],
  ['NVML does not start: {{error}}', 'NVML 无法启动：{{error}}'],
  [
    'the library is of driver {{library}}, the kernel has {{kernel}}',
    '库属于驱动 {{library}}，而内核中是 {{kernel}}',
  ],
  ['Join the group that owns them, then log in again', '加入这些文件所属的组，然后重新登录'],
  [
    'NVML {{version}} of driver {{library}}, but the kernel has {{kernel}}',
    'NVML {{version}} 属于驱动 {{library}}，而内核中是 {{kernel}}',
  ],
  [
    'NVML {{version}}, driver {{driver}} sees no GPU',
    'NVML {{version}}、驱动 {{driver}} 未发现 GPU',
  ],
  ['NVML {{version}} sees no GPU', 'NVML {{version}} 未发现 GPU'],
  [
    'NVML {{version}}, driver {{driver}}, 1 GPU answers',
    'NVML {{version}}，驱动 {{driver}}，1 块 GPU 有响应',
  ],
  [
    'NVML {{version}}, driver {{driver}}, {{count}} GPUs answer',
    'NVML {{version}}，驱动 {{driver}}，{{count}} 块 GPU 有响应',
  ],
  ['NVML {{version}}, 1 GPU answers', 'NVML {{version}}，1 块 GPU 有响应'],
  ['NVML {{version}}, {{count}} GPUs answer', 'NVML {{version}}，{{count}} 块 GPU 有响应'],
  [
    '{{fault}}, and {{more}} more of {{count}}',
    '{{fault}}；共 {{count}} 块，另有 {{more}} 块也有故障',
  ],
  [
    "Reset the GPU or restart the machine; the kernel's log has the XID",
    '重置 GPU 或重启本机；内核日志中有 XID',
  ],

  // CUDA and cuDNN
  [
    'CUDA {{major}} is set up for ONNX Runtime {{version}}',
    '已为 ONNX Runtime {{version}} 配置 CUDA {{major}}',
  ],
  ['CUDA of the system is used', '使用系统的 CUDA'],
  ['CUDA is not set up', '未配置 CUDA'],
  ['a set-up of CUDA broke off; missing: {{wanted}}', 'CUDA 配置中断；尚缺：{{wanted}}'],
  [
    'CUDA is set up for another ONNX Runtime than {{version}}',
    '已配置的 CUDA 不是为 ONNX Runtime {{version}} 准备的',
  ],
  [
    'files of the CUDA that was set up are missing: {{wanted}}',
    '已配置的 CUDA 缺少文件：{{wanted}}',
  ],
  ['cuDNN 9 is there', '已有 cuDNN 9'],
  [
    'cuDNN is missing ({{library}} not found): networks with convolutions do not run on CUDA',
    '缺少 cuDNN（找不到 {{library}}）：含卷积的网络无法在 CUDA 上运行',
  ],
]
