import type { ExecutionProvider } from '../../core/device'

// Which providers the npm package onnxruntime-node 1.30 can carry on which platform. Read out of its
// binaries: on Windows it has no CUDA, on Linux for ARM nothing but the CPU.

const byPlatform: Readonly<Record<string, readonly ExecutionProvider[]>> = {
  'linux-x64': ['cpu', 'cuda', 'tensorrt', 'webgpu'],
  'linux-arm64': ['cpu'],
  'win32-x64': ['cpu', 'dml', 'webgpu'],
  'win32-arm64': ['cpu', 'dml', 'webgpu'],
  'darwin-arm64': ['cpu', 'coreml', 'webgpu'],
}

/** Whether a build for this platform can have `provider`: only then is it tried. */
export function canExistOn(
  provider: ExecutionProvider,
  platform: NodeJS.Platform,
  architecture: string,
): boolean {
  return (byPlatform[`${platform}-${architecture}`] ?? ['cpu']).includes(provider)
}

const onlyOn: Readonly<Record<ExecutionProvider, string>> = {
  cpu: 'everywhere',
  cuda: 'on Linux for x64',
  tensorrt: 'on Linux for x64',
  webgpu: 'on Linux and Windows for x64, Windows for ARM, and macOS for Apple silicon',
  dml: 'on Windows',
  coreml: 'on macOS for Apple silicon',
}

/** Why there is no such provider here, in one line. */
export function absentOnPlatform(provider: ExecutionProvider): string {
  return `ONNX Runtime for Node.js has it only ${onlyOn[provider]}`
}
