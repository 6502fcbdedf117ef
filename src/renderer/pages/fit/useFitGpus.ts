import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useHost } from '../../host'
import { devicesQuery } from '../devices/devicesQuery'
import { type FitGpu, knownGpus } from './fitGpus'

/** Every GPU that can be asked about; those of this machine are marked once it has answered. */
export function useFitGpus(): readonly FitGpu[] {
  const { client } = useHost()
  const { data } = useQuery(devicesQuery(client))
  return useMemo(() => knownGpus(data?.devices ?? []), [data])
}
