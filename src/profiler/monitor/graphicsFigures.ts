import { noFastFigures, noSlowFigures } from '../../core/monitor/figures'
import { MiB } from '../../core/units'
import { mayCompute } from '../detect/systemGpus'
import type { ToolGpu } from './toolSampler'

/** What systeminformation says of one graphics controller that moves; memory in MiB, clocks in MHz. */
export interface LiveController {
  readonly vendor?: string | null
  readonly model?: string | null
  readonly memoryTotal?: number | null
  readonly memoryUsed?: number | null
  readonly memoryFree?: number | null
  readonly utilizationGpu?: number | null
  readonly utilizationMemory?: number | null
  readonly temperatureGpu?: number | null
  readonly powerDraw?: number | null
  readonly powerLimit?: number | null
  readonly clockCore?: number | null
  readonly clockMemory?: number | null
}

const timeoutMs = 5000

/** The last who is asked: whatever systeminformation finds; null where nothing of it moves. */
export async function readGraphicsFigures(): Promise<readonly ToolGpu[] | null> {
  const { promise: late, resolve } = Promise.withResolvers<readonly LiveController[]>()
  const timer = setTimeout(() => resolve([]), timeoutMs)
  try {
    const { graphics } = await import('systeminformation')
    const read = graphics().then(({ controllers }) => controllers as readonly LiveController[])
    const gpus = describeControllers(await Promise.race([read, late]))
    return gpus.length > 0 ? gpus : null
  } catch {
    return null // whatever tool of the system it asked is broken
  } finally {
    clearTimeout(timer)
  }
}

/** Controllers of which at least one figure is told. */
export function describeControllers(controllers: readonly LiveController[]): readonly ToolGpu[] {
  const known = (value: number | null | undefined, unit = 1) =>
    typeof value === 'number' && Number.isFinite(value) ? value * unit : null
  return controllers.filter(mayCompute).flatMap((controller, index): ToolGpu[] => {
    const fast = {
      ...noFastFigures,
      memoryTotalBytes: known(controller.memoryTotal, MiB),
      memoryUsedBytes: known(controller.memoryUsed, MiB),
      memoryFreeBytes: known(controller.memoryFree, MiB),
      gpuUtilizationPercent: known(controller.utilizationGpu),
      memoryUtilizationPercent: known(controller.utilizationMemory),
      powerDrawWatts: known(controller.powerDraw),
      powerLimitWatts: known(controller.powerLimit),
      smClockMHz: known(controller.clockCore),
      memoryClockMHz: known(controller.clockMemory),
      temperatureCelsius: known(controller.temperatureGpu),
    }
    const { memoryUsedBytes, gpuUtilizationPercent, powerDrawWatts, temperatureCelsius } = fast
    const moving = [memoryUsedBytes, gpuUtilizationPercent, powerDrawWatts, temperatureCelsius]
    if (moving.every((value) => value === null)) return []
    return [
      {
        gpu: {
          id: `gpu-${index}`,
          name: controller.model?.trim() || 'GPU',
          uuid: null,
          driverVersion: null,
          source: 'systeminformation',
          fault: null,
        },
        fast,
        slow: noSlowFigures,
      },
    ]
  })
}
