import { describe, expect, it } from 'vitest'
import { GiB, MiB } from '../units'
import { dcgmMetrics } from './dcgmMetrics'
import { noFastFigures, noSlowFigures } from './figures'
import { monitorMetrics } from './monitorMetrics'
import { monitorSample } from './monitorSample'
import type { MonitorState, SamplerHealth } from './monitorState'
import { prometheusText } from './prometheusText'

const up = (sampler: SamplerHealth['sampler']): SamplerHealth => ({
  sampler,
  state: 'up',
  reason: null,
  restartCount: 0,
  scheduling: null,
  periodMs: 100,
})
const state: MonitorState = {
  gpus: [
    {
      id: 'gpu-0',
      name: 'Tesla T4',
      uuid: 'GPU-1',
      driverVersion: '580.1',
      source: 'nvml',
      fault: null,
    },
  ],
  samplers: [up('fast'), up('slow')],
  fast: [
    {
      tMs: 10_000,
      gpus: {
        'gpu-0': {
          ...noFastFigures,
          memoryTotalBytes: 15 * GiB,
          memoryReservedBytes: GiB,
          memoryUsedBytes: 4 * GiB,
          gpuUtilizationPercent: 97,
          smClockMHz: 1590,
          clocksEventReasons: 0x40,
        },
      },
    },
  ],
  slow: [
    {
      tMs: 10_000,
      gpus: {
        'gpu-0': {
          ...noSlowFigures,
          energyJoules: 12.5,
          processes: [{ pid: 7, name: 'a"b\\c\nd', usedBytes: 3 * GiB, type: 'compute' }],
        },
      },
      host: {
        cpuPercent: 50,
        memoryTotalBytes: 8 * GiB,
        memoryUsedBytes: 2 * GiB,
        engineBytes: null,
        ownPids: [],
      },
    },
  ],
}
const lines = (wallMs: number) => prometheusText(monitorMetrics(state, wallMs)).split('\n')

describe('/metrics', () => {
  it('tells figures in base units', () => {
    const text = lines(10_100)
    expect(text).toContain('headroom_gpu_memory_used_bytes{gpu="gpu-0"} 4294967296')
    expect(text).toContain('headroom_gpu_memory_usable_bytes{gpu="gpu-0"} 10737418240') // 15 − 1 − 4
    expect(text).toContain('headroom_gpu_utilization_ratio{gpu="gpu-0"} 0.97')
    expect(text).toContain('headroom_gpu_sm_clock_hertz{gpu="gpu-0"} 1590000000')
    expect(text).toContain('headroom_gpu_throttled{gpu="gpu-0"} 1')
    expect(text).toContain(
      'headroom_gpu_clocks_event_reason{gpu="gpu-0",reason="hwThermalSlowdown"} 1',
    )
    expect(text).toContain('# TYPE headroom_gpu_energy_joules_total counter')
    expect(text).toContain('headroom_host_cpu_ratio 0.5')
    expect(text).toContain(
      'headroom_gpu_info{gpu="gpu-0",name="Tesla T4",uuid="GPU-1",driver_version="580.1",source="nvml"} 1',
    )
  })

  it('leaves out what is not reported', () => {
    const text = lines(10_100).join('\n')
    expect(text).not.toContain('headroom_gpu_power_watts')
    expect(text).not.toContain('headroom_engine_resident_bytes')
    expect(text).not.toMatch(/NaN|null|undefined/)
  })

  it('never tells a stale figure, and says which sampler is silent', () => {
    const text = lines(14_000)
    expect(text.join('\n')).not.toContain('headroom_gpu_memory_used_bytes')
    expect(text).toContain('headroom_sampler_up{sampler="fast"} 0')
    expect(text).toContain('headroom_sampler_up{sampler="slow"} 1')
    expect(text).toContain('headroom_gpu_up{gpu="gpu-0"} 0')
    expect(text).toContain('headroom_gpu_energy_joules_total{gpu="gpu-0"} 12.5')
  })

  it('escapes what programs are called', () => {
    expect(lines(10_100)).toContain(
      String.raw`headroom_gpu_process_memory_used_bytes{gpu="gpu-0",pid="7",name="a\"b\\c\nd"} 3221225472`,
    )
  })

  it('keeps to the text format: help, type, values, one metric after the other', () => {
    const text = prometheusText(monitorMetrics(state, 10_100))
    expect(text.endsWith('\n')).toBe(true)
    const value = /^[a-zA-Z_:][\w:]*(\{([a-zA-Z_]\w*="([^"\\\n]|\\[\\"n])*",?)*\})? [\d.e+-]+$/
    const values = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
    for (const line of values) expect(line).toMatch(value)
    const names = [...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name)
    expect(new Set(names).size).toBe(names.length)
  })
})

it('tells DCGM-exporter’s names in its own units and labels', () => {
  const text = prometheusText(dcgmMetrics(state, 10_100, 'box')).split('\n')
  const labels =
    '{gpu="0",UUID="GPU-1",device="nvidia0",modelName="Tesla T4",Hostname="box",DCGM_FI_DRIVER_VERSION="580.1"}'
  expect(text).toContain(`DCGM_FI_DEV_FB_USED${labels} ${(4 * GiB) / MiB}`)
  expect(text).toContain(`DCGM_FI_DEV_SM_CLOCK${labels} 1590`)
  expect(text).toContain(`DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION${labels} 12500`)
  expect(text).toContain(`DCGM_FI_DEV_XID_ERRORS${labels} 0`)
  expect(text.join('\n')).not.toContain('DCGM_FI_DEV_POWER_USAGE') // not reported here
})

it('a sample of the terminal holds no figure that is not of now', () => {
  const usedAt = (wallMs: number) => monitorSample(state, wallMs).gpus[0]!.memoryUsedBytes
  expect(usedAt(10_000)).toBe(4 * GiB)
  expect(usedAt(12_999)).toBe(4 * GiB)
  expect(usedAt(13_001)).toBeNull() // the driver hangs for more than three seconds
})
