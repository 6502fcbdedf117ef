import { createORPCClient } from '@orpc/client'
import type { ContractRouterClient } from '@orpc/contract'
import type { NvmlReport } from '../../core/doctor/nvmlReport'
import type { monitorContract } from '../../protocol/monitorContract'
import { type EngineChild, linkTo } from '../engineProcess'

/** `hung`: no answer in time. `ended`: its process went away, with what it wrote last. */
export type NvmlAnswer =
  | { readonly status: 'answered'; readonly report: NvmlReport }
  | { readonly status: 'hung' }
  | { readonly status: 'ended'; readonly reason: string }

/** A driver without persistence mode wakes up its GPUs one by one, a second or two each. */
const timeoutMs = 10_000

/** Asks a monitor process of its own how far NVML comes. Never throws, never hangs. */
export async function askNvml(launch: () => EngineChild, waitMs = timeoutMs): Promise<NvmlAnswer> {
  const child = launch()
  const client: ContractRouterClient<typeof monitorContract> = createORPCClient(linkTo(child))
  const { promise: late, resolve } = Promise.withResolvers<NvmlAnswer>()
  const timer = setTimeout(() => resolve({ status: 'hung' }), waitMs)
  const ended = child.exited.then(({ code, signal }): NvmlAnswer => {
    const end = signal === null ? `with code ${code ?? 'unknown'}` : `by ${signal}`
    const said = child.stderrTail().trim().split('\n').at(-1)!.slice(0, 300)
    return { status: 'ended', reason: [`it ended ${end}`, said].filter(Boolean).join(': ') }
  })
  const answered = client.checkNvml().then(
    (report): NvmlAnswer => ({ status: 'answered', report }),
    () => ended, // the channel closes before the process has told how it ended
  )
  try {
    return await Promise.race([answered, ended, late])
  } finally {
    clearTimeout(timer)
    child.kill()
  }
}
