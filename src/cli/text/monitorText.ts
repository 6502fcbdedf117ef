import { isThrottled } from '../../core/monitor/clockReasons'
import type { MonitorSample } from '../../core/monitor/monitorSample'
import { plainText } from '../../core/report/plainText'
import { formatBytes, formatSignificant } from '../../core/units'
import type { Output } from '../terminal'

type Gpu = MonitorSample['gpus'][number]

/** One line per GPU, and one of the host: readable as a log. */
export function monitorText({ time, gpus, host, samplers }: MonitorSample, output: Output): string {
  const { colours } = output
  const clock = colours.dim(time.slice(11, 23))
  const problems = samplers.flatMap(({ sampler, state, reason, restartCount }) => {
    if (state === 'hung' || state === 'failed') return [`${sampler} sampler: ${reason ?? state}`]
    const isWaiting = state === 'starting' && restartCount > 0
    return isWaiting ? [`${sampler} sampler: started again, the driver does not answer yet`] : []
  })
  const hostLine = host && [
    `CPU ${figure(host.cpuPercent, '%')}`,
    `memory ${formatBytes(host.memoryUsedBytes)} of ${formatBytes(host.memoryTotalBytes)}`,
  ]
  return [
    ...gpus.map((gpu) => `${clock}  ${gpuLine(gpu, output)}`),
    ...(hostLine ? [`${clock}  ${colours.dim('host')}  ${hostLine.join('  ')}`] : []),
    ...problems.map((problem) => `${clock}  ${colours.yellow(`! ${plainText(problem)}`)}`),
  ].join('\n')
}

function gpuLine(gpu: Gpu, { colours }: Output): string {
  const name = colours.bold(plainText(`${gpu.id} ${gpu.name}`))
  if (gpu.fault !== null) return `${name}  ${colours.red(plainText(gpu.fault))}`
  const parts = [
    `${formatBytes(gpu.memoryUsedBytes)} used`,
    `${formatBytes(gpu.usableBytes)} usable`,
    `GPU ${figure(gpu.gpuUtilizationPercent, '%')}`,
    `${figure(gpu.smClockMHz, 'MHz')}`,
    `${figure(gpu.powerDrawWatts, 'W')}`,
    `${figure(gpu.temperatureCelsius, '°C')}`,
  ]
  const throttled = isThrottled(gpu.clocksEventReasons)
    ? [colours.red(`throttled: ${gpu.clocksEventReasonNames?.join(', ')}`)]
    : []
  return [name, ...parts, ...throttled].join('  ')
}

function figure(value: number | null, unit: string): string {
  return value === null ? '—' : `${formatSignificant(value)} ${unit}`
}
