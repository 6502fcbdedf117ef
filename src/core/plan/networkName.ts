import type { Workload } from './workload'

/** What the network of a workload is called in lists and reports. */
export function networkName({ preset, model }: Pick<Workload, 'preset' | 'model'>): string {
  return model?.config.name ?? preset ?? ''
}
