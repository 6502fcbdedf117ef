import type { SentencePair } from '../../core/report/words/translateSentence'

/**
 * Why an execution provider does not run and what to do about it (`profiler/detect`), in Chinese. A
 * changed English sentence is a missing one here, which deviceSentences.test.ts finds. What native code
 * printed stays as it is.
 */
export const providerSentences: readonly SentencePair[] = [
  // Not in this build
  ['ONNX Runtime for Node.js has it only {{where}}', 'Node.js 版 ONNX Runtime 仅{{where}}提供'],
  ['on Linux for x64', '在 Linux（x64）上'],
  [
    'on Linux and Windows for x64, Windows for ARM, and macOS for Apple silicon',
    '在 Linux（x64）、Windows（x64、ARM）与 macOS（Apple 芯片）上',
  ],
  ['on Windows', '在 Windows 上'],
  ['on macOS for Apple silicon', '在 macOS（Apple 芯片）上'],
  [
    'this build of ONNX Runtime has no {{provider}} provider',
    '此 ONNX Runtime 构建不含 {{provider}} 提供程序',
  ],
  [
    'Install onnxruntime-node 1.30 of npm for this platform',
    '从 npm 安装适用于本平台的 onnxruntime-node 1.30',
  ],

  // A library that is missing, damaged or another's
  [
    'the NVIDIA driver is missing ({{library}} not found)',
    '缺少 NVIDIA 驱动（找不到 {{library}}）',
  ],
  ['Install the NVIDIA driver of this system', '安装本系统的 NVIDIA 驱动'],
  ['the CUDA runtime is missing ({{library}} not found)', '缺少 CUDA 运行时（找不到 {{library}}）'],
  [
    'the CUDA {{major}} runtime is missing ({{library}} not found)',
    '缺少 CUDA {{major}} 运行时（找不到 {{library}}）',
  ],
  ['Let Headroom fetch it into its data folder', '由 Headroom 下载到自己的数据目录'],
  ['cuDNN is missing ({{library}} not found)', '缺少 cuDNN（找不到 {{library}}）'],
  ['TensorRT is missing ({{library}} not found)', '缺少 TensorRT（找不到 {{library}}）'],
  [
    'Install TensorRT 10 and add its folder to LD_LIBRARY_PATH, or choose the cuda provider',
    '安装 TensorRT 10 并将其目录加入 LD_LIBRARY_PATH，或改用 cuda 提供程序',
  ],
  [
    'the {{label}} library of ONNX Runtime is not installed ({{library}} not found)',
    '未安装 ONNX Runtime 的 {{label}} 库（找不到 {{library}}）',
  ],
  [
    'Choose the cuda provider; Headroom does not set TensorRT up',
    '请改用 cuda 提供程序；Headroom 不负责配置 TensorRT',
  ],
  [
    "this system's C library is older than the provider needs ({{version}})",
    '本系统的 C 库版本低于该提供程序的要求（{{version}}）',
  ],
  [
    'Use a system with glibc 2.28 or newer (Debian 10, Ubuntu 20.04, RHEL 8)',
    '请使用 glibc 2.28 或更新的系统（Debian 10、Ubuntu 20.04、RHEL 8）',
  ],
  [
    'the provider and a CUDA library do not belong together ({{found}})',
    '提供程序与某个 CUDA 库版本不匹配（{{found}}）',
  ],
  [
    'Let Headroom use libraries of its own: take others off LD_LIBRARY_PATH, and set CUDA up',
    '让 Headroom 使用自带的库：从 LD_LIBRARY_PATH 中移除其他库，再配置 CUDA',
  ],
  ['a library is damaged ({{found}})', '某个库文件已损坏（{{found}}）'],
  ['Remove what was set up and fetch it again', '移除已配置的内容，然后重新下载'],

  // The driver
  [
    "the NVIDIA driver is older than ONNX Runtime's CUDA needs",
    'NVIDIA 驱动版本低于 ONNX Runtime 所用 CUDA 的要求',
  ],
  [
    "the NVIDIA driver {{version}} is older than ONNX Runtime's CUDA needs",
    'NVIDIA 驱动 {{version}} 低于 ONNX Runtime 所用 CUDA 的要求',
  ],
  [
    'Update the NVIDIA driver (CUDA 13 needs 580 or newer, CUDA 12 needs 525)',
    '更新 NVIDIA 驱动（CUDA 13 需要 580 或更新，CUDA 12 需要 525 或更新）',
  ],
  [
    'the NVIDIA driver was updated, and the old one is still loaded',
    'NVIDIA 驱动已更新，但内核中加载的仍是旧版本',
  ],
  ['Restart the machine', '重启本机'],
  [
    "a package for newer CUDA on older drivers is in use, which this GPU's kind does not allow",
    '正在使用让旧驱动运行新版 CUDA 的兼容包，而此类 GPU 不支持这样做',
  ],
  [
    'Remove the package cuda-compat, or take its folder off LD_LIBRARY_PATH',
    '卸载 cuda-compat 软件包，或从 LD_LIBRARY_PATH 中移除其目录',
  ],
  [
    'the NVIDIA driver {{version}} is loaded, and its library for CUDA is not installed ({{library}} not found)',
    'NVIDIA 驱动 {{version}} 已加载，但未安装它的 CUDA 库（找不到 {{library}}）',
  ],
  ["Install the driver's compute libraries", '安装该驱动的计算库'],
  [
    'there is no NVIDIA GPU in this machine, and no driver ({{library}} not found)',
    '本机没有 NVIDIA GPU，也没有驱动（找不到 {{library}}）',
  ],
  [
    "{{reason}}: in WSL it is Windows' driver, in a folder that is not searched",
    '{{reason}}：WSL 使用 Windows 的驱动，而其所在目录不在搜索路径中',
  ],
  [
    "Update Windows' NVIDIA driver, and let Headroom search its folder",
    '更新 Windows 的 NVIDIA 驱动，并让 Headroom 搜索其目录',
  ],
  [
    'this container was not given the GPU (driver {{version}} is loaded outside)',
    '此容器未获分配 GPU（宿主机已加载驱动 {{version}}）',
  ],
  ['this container was not given the GPU', '此容器未获分配 GPU'],
  [
    'Start the container with the GPU; the host needs the NVIDIA Container Toolkit',
    '启动容器时分配 GPU；宿主机需要安装 NVIDIA Container Toolkit',
  ],

  // The GPU
  [
    "ONNX Runtime's CUDA library has no code for this GPU's architecture",
    'ONNX Runtime 的 CUDA 库不含适用于此 GPU 架构的代码',
  ],
  [
    'Use a GPU of compute capability 7.5, 8.0, 8.6, 8.9, 9.0 or 12.0, or the webgpu provider',
    '请使用计算能力为 7.5、8.0、8.6、8.9、9.0 或 12.0 的 GPU，或改用 webgpu 提供程序',
  ],
  [
    'the GPUs of this machine are joined by NVSwitch, whose service does not run',
    '本机的 GPU 通过 NVSwitch 互连，而相应的服务没有运行',
  ],
  ['Start the fabric manager', '启动 Fabric Manager 服务'],
  ['CUDA sees no GPU', 'CUDA 未发现 GPU'],
  [
    'Check what nvidia-smi lists, and that CUDA_VISIBLE_DEVICES does not hide it',
    '查看 nvidia-smi 列出的 GPU，并确认 CUDA_VISIBLE_DEVICES 没有将其隐藏',
  ],
  ['CUDA_VISIBLE_DEVICES="" hides every GPU', 'CUDA_VISIBLE_DEVICES="" 隐藏了全部 GPU'],
  [
    'CUDA_VISIBLE_DEVICES="{{list}}" hides every GPU',
    'CUDA_VISIBLE_DEVICES="{{list}}" 隐藏了全部 GPU',
  ],
  [
    'CUDA_VISIBLE_DEVICES="{{list}}" names no GPU that is there',
    'CUDA_VISIBLE_DEVICES="{{list}}" 指定的 GPU 不存在',
  ],
  [
    'Unset it, or let it name a GPU that nvidia-smi lists',
    '取消该变量，或让它指定 nvidia-smi 所列的 GPU',
  ],
  [
    'MIG is on and the GPU has no instance to compute on',
    'MIG 已开启，但 GPU 上没有可供计算的实例',
  ],
  [
    'Make an instance of the whole GPU (profile 0), or turn MIG off with nvidia-smi -mig 0',
    '用整块 GPU 创建一个实例（profile 0），或用 nvidia-smi -mig 0 关闭 MIG',
  ],
  [
    'this user may not open the GPU ({{file}}: permission denied)',
    '当前用户无权打开 GPU（{{file}}：权限不足）',
  ],
  [
    'Add the user to the group that owns the file, then log in again',
    '将用户加入该文件所属的组，然后重新登录',
  ],
  ['the files of the GPU are missing ({{file}})', '缺少 GPU 的设备文件（{{file}}）'],
  ['Load the driver, which makes them', '加载驱动，设备文件会随之生成'],
  [
    'the GPU is reserved by another program (exclusive compute mode)',
    'GPU 已被其他程序独占（独占计算模式）',
  ],
  ['End that program, or let several share the GPU', '结束该程序，或允许多个程序共用 GPU'],
  ["the GPU's memory has an error that it cannot correct", 'GPU 显存出现无法纠正的错误'],
  [
    'Reset the GPU; if it comes back, the GPU is broken',
    '重置 GPU；如果错误再次出现，说明 GPU 已损坏',
  ],
  ['the GPU stopped answering', 'GPU 停止响应'],
  ["Restart the machine; the kernel's log says what happened", '重启本机；内核日志中有原因'],
  ['the device has no memory left for a single operator', '设备的剩余内存不足以运行一个算子'],
  ['End what else uses the GPU, then detect again', '结束其他占用 GPU 的程序，然后重新检测'],

  // WebGPU and DirectML
  [
    'no Vulkan on this system ({{library}} not found), and WebGPU needs it',
    '本系统没有 WebGPU 所需的 Vulkan（找不到 {{library}}）',
  ],
  [
    "Install libvulkan1 and the GPU's Vulkan driver (mesa-vulkan-drivers, or NVIDIA's own)",
    '安装 libvulkan1 与 GPU 的 Vulkan 驱动（mesa-vulkan-drivers，或 NVIDIA 自己的驱动）',
  ],
  ['WebGPU finds no GPU that it can use', 'WebGPU 未找到可用的 GPU'],
  [
    "Install the GPU's driver with Vulkan, Metal or Direct3D 12 support",
    '安装支持 Vulkan、Metal 或 Direct3D 12 的 GPU 驱动',
  ],
  [
    'DirectML finds no GPU with Direct3D 12 ({{found}})',
    'DirectML 未找到支持 Direct3D 12 的 GPU（{{found}}）',
  ],
  ["Update Windows and the GPU's driver", '更新 Windows 与 GPU 驱动'],

  // Anything else
  ['a session with one operator failed without a word', '只含一个算子的会话失败，且没有任何说明'],
  ['a session with one operator failed: {{words}}', '只含一个算子的会话失败：{{words}}'],
  ['the engine did not answer within {{seconds}} s', '引擎在 {{seconds}} 秒内没有响应'],
  ['the engine ended with code {{code}}', '引擎已退出，退出码 {{code}}'],
  ['the engine ended by {{signal}}', '引擎被 {{signal}} 终止'],
  ['unknown', '未知'],
]
