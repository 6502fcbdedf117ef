import { formatBytes } from '../../core/units'
import type { CudaSetupReport, CudaSetupState } from '../../protocol/cudaSetup'
import type { Output } from '../terminal'

const stateWords: Readonly<Record<CudaSetupState, string>> = {
  ready: 'CUDA is set up',
  absent: 'CUDA is not set up',
  incomplete: 'CUDA is set up in part: run it again to go on',
  otherVersion: 'CUDA is set up for another version of ONNX Runtime: run headroom setup cuda',
  damaged: 'CUDA was set up, and files of it are missing: run headroom setup cuda',
}

/** What came of it: the answer, then what is there and what is not. */
export function setupText(report: CudaSetupReport, { colours }: Output): string {
  const { action, state, error, packages, wanted, folder, bytes, onnxruntimeVersion } = report
  const lines: string[] = []
  const isPlan = action === 'dryRun'
  if (error !== null && !isPlan) {
    lines.push(colours.bold(`Not set up: ${error.message}`))
    if (error.details !== null) lines.push(...indented('pip said:', error.details))
  } else if (action === 'undo') {
    lines.push(
      colours.bold(
        bytes > 0 ? `Removed ${folder}: ${formatBytes(bytes)}` : 'There was nothing to remove',
      ),
    )
    return lines.join('\n')
  } else {
    const cuda = report.cudaMajor === null ? '' : ` (CUDA ${report.cudaMajor})`
    lines.push(colours.bold(`${stateWords[state]}${cuda}, for ONNX Runtime ${onnxruntimeVersion}`))
  }
  lines.push(`Folder  ${folder}${bytes > 0 ? `, ${formatBytes(bytes)}` : ''}`)
  for (const { requirement, files, reusedFrom } of packages) {
    const where = reusedFrom === null ? '' : `  of ${reusedFrom}`
    lines.push(`  ✓ ${requirement}  ${files.map(({ name }) => name).join(', ')}${where}`)
  }
  for (const { requirement, folder: where } of report.reusable)
    lines.push(`  ✓ ${requirement}  is on this machine: ${where}`)
  if (isPlan) lines.push(...wheelLines(report))
  else for (const requirement of wanted) lines.push(`  · ${requirement}  to be fetched`)
  if (isPlan && error !== null) lines.push(`Not every size is known: ${error.message}`)
  if (isPlan && wanted.length > 0)
    lines.push(
      '',
      'For a machine without a network, fetch them on another one and give the folder by --from:',
      `  python3 -m pip download --no-deps --only-binary=:all: --python-version 3.12 --platform manylinux_2_28_x86_64 --platform manylinux_2_27_x86_64 --platform manylinux2014_x86_64 -d FOLDER ${wanted.map((requirement) => `'${requirement}'`).join(' ')}`,
    )
  if (action === 'setUp' && state === 'ready')
    lines.push('', 'Next: headroom doctor tells whether the GPU can be used now.')
  return lines.join('\n')
}

/** Each wheel with its size, and what they take together. */
function wheelLines({ wheels, wheelBytes }: CudaSetupReport): string[] {
  if (wheels.length === 0) return []
  const known = wheels.flatMap(({ bytes }) => (bytes === null ? [] : [bytes]))
  const sum = formatBytes(known.reduce((total, bytes) => total + bytes, 0))
  const unknownCount = wheels.length - known.length
  const together =
    wheelBytes !== null
      ? sum
      : known.length === 0
        ? 'unknown size'
        : `at least ${sum}, the size of ${unknownCount} is unknown`
  const lines = wheels.map(({ requirement, fileName, bytes }) => {
    const size = bytes === null ? 'unknown size' : formatBytes(bytes)
    return `  · ${requirement}  ${size}${fileName === null ? '' : `  ${fileName}`}`
  })
  return [
    ...lines,
    `To fetch ${wheels.length} ${wheels.length === 1 ? 'wheel' : 'wheels'}: ${together}`,
  ]
}

function indented(title: string, text: string): string[] {
  return [title, ...text.split('\n').map((line) => `  ${line}`)]
}
