import { mkdir, open, readFile, rm } from 'node:fs/promises'
import { isProcessAlive } from '../processAlive'
import type { CudaFolder } from './cudaFolder'
import { SetupFailure } from './setupFailure'

/**
 * Keeps a window and a terminal from setting up in each other's files. A lock whose process is gone
 * is nobody's. Returns the way to let go.
 * @throws SetupFailure while another process holds it
 */
export async function takeSetupLock({ root, lock }: CudaFolder): Promise<() => Promise<void>> {
  await mkdir(root, { recursive: true })
  const write = async () => {
    const file = await open(lock, 'wx')
    await file.writeFile(String(process.pid))
    await file.close()
  }
  try {
    await write()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    const pid = Number(await readFile(lock, 'utf8').catch(() => ''))
    if (Number.isInteger(pid) && pid > 0 && isProcessAlive(pid))
      throw new SetupFailure('BUSY', `process ${pid} is setting up CUDA already; wait for its end`)
    await rm(lock, { force: true })
    await write()
  }
  return () => rm(lock, { force: true })
}
