import { useTranslation } from 'react-i18next'
import type { GpuSource, MonitoredGpu, MonitorState } from '../../../core/monitor/monitorState'
import { formatDuration } from '../../../core/units'

/** As their makers write them. */
const sourceNames: Readonly<Record<GpuSource, string>> = {
  nvml: 'NVML',
  amdgpu: 'amdgpu (sysfs)',
  'nvidia-smi': 'nvidia-smi',
  'amd-smi': 'amd-smi',
  ioreg: 'ioreg',
  systeminformation: 'systeminformation',
}

export interface Sources {
  readonly name: string
  readonly fastPeriod: string
  readonly slowPeriod: string
  /** Both in a sentence; empty where there is no GPU. */
  readonly line: string
}

/** Who tells the figures of a GPU, and how often. */
export function useSources({ samplers }: MonitorState, gpu: MonitoredGpu | null): Sources {
  const { t } = useTranslation('monitor')
  const periodOf = (name: string) =>
    samplers.find(({ sampler, state }) => sampler === name && state !== 'absent')?.periodMs ?? null
  const fastPeriod = formatDuration(periodOf('fast') ?? periodOf('tool'))
  const isTool = periodOf('fast') === null
  const slowPeriod = formatDuration(isTool ? periodOf('tool') : periodOf('slow'))
  const name = gpu ? sourceNames[gpu.source] : ''
  const line = gpu ? t('verdict.sources', { source: name, fast: fastPeriod, slow: slowPeriod }) : ''
  return { name, fastPeriod, slowPeriod, line }
}
