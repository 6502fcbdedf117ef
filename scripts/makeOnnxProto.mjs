// @ts-check
// Generates src/core/onnx/proto/onnx_pb.gen.ts from onnx-ml.proto (the one in the PyPI package onnx
// 1.23.2, Apache-2.0). Only needed when the .proto changes: `node scripts/makeOnnxProto.mjs`.
// The generator is fetched into a temporary folder, so that an ordinary install does without it.
import { copyFileSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runOrThrow } from './commands.mjs'

const folder = fileURLToPath(new URL('../src/core/onnx/proto', import.meta.url))
const generator = ['@bufbuild/buf@1.75.0', '@bufbuild/protoc-gen-es@2.17.0']
const template = {
  version: 'v2',
  plugins: [{ local: 'protoc-gen-es', out: '.', opt: ['target=ts', 'import_extension=none'] }],
}

const work = mkdtempSync(join(tmpdir(), 'onnx-proto-'))
try {
  copyFileSync(join(folder, 'onnx-ml.proto'), join(work, 'onnx.proto'))
  const packages = generator.flatMap((name) => ['--package', name])
  const command = ['exec', '--yes', ...packages, '--', 'buf', 'generate', '--path', 'onnx.proto']
  runOrThrow('npm', [...command, '--template', JSON.stringify(template)], { cwd: work })
  renameSync(join(work, 'onnx_pb.ts'), join(folder, 'onnx_pb.gen.ts'))
} finally {
  rmSync(work, { recursive: true, force: true })
}
