// A process of its own, for the driver is chosen by its environment: prints the losses of each run of
// decoderRuns.ts on WebGPU, where no node may run on the CPU.
import { decoderRuns } from './decoderRuns'
import { runTraining } from './runTraining'

async function main(): Promise<void> {
  const losses: Record<string, readonly number[]> = {}
  for (const { name, network, weights, batch, options } of decoderRuns) {
    const run = await runTraining(network, weights, [batch], {
      ...options,
      session: {
        executionProviders: ['webgpu'],
        enableMemPattern: false,
        extra: { session: { disable_cpu_ep_fallback: '1' } },
      },
    })
    losses[name] = run.losses
  }
  console.log(JSON.stringify(losses))
}

void main()
