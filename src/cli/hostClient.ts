import type { ContractRouterClient } from '@orpc/contract'
import type { hostContract } from '../protocol/contract'

/** The application's procedures, called within this process. */
export type HostClient = ContractRouterClient<typeof hostContract>
