import type { DoctorCheck, DoctorReport } from '../../core/doctor/doctorReport'
import { plainText } from '../../core/report/plainText'
import type { Output } from '../terminal'
import { devicesVerdict } from './devicesText'
import { providersText } from './providersText'

const labels: Readonly<Record<DoctorCheck['name'], string>> = {
  versions: 'Versions',
  dataFolder: 'Data folder',
  disk: 'Disk',
  history: 'History',
  driver: 'Driver',
  nvml: 'NVML',
  cuda: 'CUDA',
  cudnn: 'cuDNN',
}
const width = Math.max(...Object.values(labels).map((label) => label.length))

/** The answer, then each check, then each provider with its own words where it failed. */
export function doctorText(report: DoctorReport, output: Output): string {
  const { bold } = output.colours
  const { executionProviders, checks, wanted } = report
  return [
    bold(devicesVerdict(report)),
    checks.map((check) => checkText(check, output)).join('\n'),
    providersText(executionProviders, output, wanted),
  ].join('\n\n')
}

function checkText(
  { name, status, found, fix, command }: DoctorCheck,
  { colours }: Output,
): string {
  const sign = {
    ok: colours.green('✓'),
    warning: colours.yellow('!'),
    failed: colours.red('✗'),
    absent: colours.dim('–'),
  }[status]
  const line = `${sign} ${labels[name].padEnd(width)}  ${plainText(found)}`
  const indent = ' '.repeat(width + 4)
  return [
    line,
    ...(fix === null ? [] : [`${indent}${colours.cyan('→')} ${fix}`]),
    ...(command === null ? [] : [`${indent}  ${colours.bold(`$ ${command}`)}`]),
  ].join('\n')
}
