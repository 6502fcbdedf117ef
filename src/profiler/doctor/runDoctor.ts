import type { DevicesReport } from '../../core/device'
import type { DoctorCheck, DoctorReport } from '../../core/doctor/doctorReport'
import { wantedProvider } from '../../core/doctor/wantedProvider'
import { readNvidiaSmi } from '../detect/nvidiaSmi'
import { readNvidiaSystem } from '../detect/nvidiaSystem'
import { canExistOn } from '../detect/platformProviders'
import type { EngineChild } from '../engineProcess'
import type { History } from '../history'
import { findInstalledRuntime } from '../setup/assembleRuntime'
import { cudaFolder } from '../setup/cudaFolder'
import { describeSetup } from '../setup/describeSetup'
import { askNvml } from './askNvml'
import { checkDataFolder, checkDisk, checkHistory } from './checkFolders'
import { checkCuda, checkCudnn, checkDriver } from './checkNvidia'
import { checkNvml } from './checkNvml'

export interface DoctorOptions {
  readonly dataFolder: string
  readonly history: () => Pick<History, 'list'>
  /** Tries every provider. */
  readonly machine: () => Promise<DevicesReport>
  /** Starts a monitor process, in which NVML is asked. */
  readonly launchMonitor: () => EngineChild
}

/** The kernel's side alone is wanted of it. */
const unasked = { smiProblem: null, isMigWithoutInstances: false } as const

/** Whether this machine can do what it should, and if not the piece that is missing, with its fix. */
export async function runDoctor(options: DoctorOptions): Promise<DoctorReport> {
  const { dataFolder, history, launchMonitor } = options
  const { platform, arch } = process
  const [machine, smi, nvml, kernel] = await Promise.all([
    options.machine(),
    readNvidiaSmi(),
    askNvml(launchMonitor),
    platform === 'linux' ? readNvidiaSystem(unasked, process.env) : null,
  ])
  const wanted = wantedProvider(machine.devices, (provider) => canExistOn(provider, platform, arch))
  const isUsable = machine.executionProviders.some(({ name, usable }) => name === wanted && usable)
  const checks: DoctorCheck[] = [
    checkVersions(machine),
    checkDataFolder(dataFolder),
    checkDisk(dataFolder, wanted === 'cuda' && !isUsable),
    checkHistory(history),
    checkDriver(smi),
    checkNvml(nvml, kernel),
  ]
  if (canExistOn('cuda', platform, arch)) {
    const folder = cudaFolder(dataFolder)
    const runtime = findInstalledRuntime()
    const setup = await describeSetup({ folder, runtime, withCudnn: false }, 'status')
    checks.push(checkCuda(setup, machine))
    if (wanted === 'cuda') checks.push(await checkCudnn(folder.libraries, process.env))
  }
  const isHealthy = isUsable && checks.every(({ status }) => status !== 'failed')
  return { ...machine, schema: 'headroom/doctor/1', isHealthy, wanted, checks }
}

function checkVersions({ host }: DevicesReport): DoctorCheck {
  const { headroomVersion, onnxruntimeVersion, os } = host
  const check = { name: 'versions', fix: null, command: null } as const
  const runsOn = process.versions.electron
    ? `Electron ${process.versions.electron}`
    : `Node.js ${process.versions.node}`
  if (onnxruntimeVersion === null)
    return {
      ...check,
      status: 'failed',
      found: `Headroom ${headroomVersion} on ${runsOn}: its engine does not start`,
      fix: 'Install the packages again',
      command: 'npm ci && npm run build',
    }
  const found = `Headroom ${headroomVersion}, ONNX Runtime ${onnxruntimeVersion}, ${runsOn}, ${os}`
  return { ...check, status: 'ok', found }
}
