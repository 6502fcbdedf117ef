import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { BareWeights, ResolvedModel } from '../../../core/estimate/resolvedModel'
import { parameterCount } from '../../../core/models/layerShape'
import type { HostClient } from '../../client'
import { errorLine } from '../../components/errorLine'
import { useHost } from '../../host'
import type { ModelChoice } from './fitDraft'
import { fitModels } from './fitModels'
import type { JobModel } from './jobOfDraft'
import { parseConfigText } from './parseConfigText'

/** The chosen model, as soon as it can be estimated. */
export interface ReadyModel {
  readonly status: 'ready'
  readonly label: string
  readonly parameterCount: number
  readonly resolved: ResolvedModel | BareWeights
  /** As a Job names it. */
  readonly jobModel: JobModel
  /** What `--model` takes in a terminal. */
  readonly argument: string
}

export type FitModelState =
  | ReadyModel
  | { readonly status: 'reading' }
  /** `problem` is one line: file, field, value and way out. */
  | { readonly status: 'refused'; readonly problem: string }

/** Models on the host's disk are read by it, all others in the page. */
export function useFitModel(choice: ModelChoice): FitModelState {
  const { t } = useTranslation('fit')
  const { client } = useHost()
  const path = choice.type === 'path' ? choice.path : ''
  const read = useQuery({ ...modelQuery(client, path), enabled: choice.type === 'path' })
  const { data, error } = read
  return useMemo((): FitModelState => {
    if (choice.type === 'config') return fromConfig(choice.name, choice.text)
    if (choice.type === 'path') {
      if (error) return { status: 'refused', problem: errorLine(error) }
      return data ? fromDisk(choice.path, data) : { status: 'reading' }
    }
    const model = fitModels.find(({ id }) => id === choice.id)
    if (!model) {
      return { status: 'refused', problem: t('model.notInCatalogue', { name: choice.id }) }
    }
    return {
      status: 'ready',
      label: model.name,
      parameterCount: model.parameterCount,
      resolved: model.resolved,
      jobModel: { name: model.id },
      argument: model.id,
    }
  }, [choice, data, error, t])
}

/** What the host reads at a path; asked again only when somebody does. */
export function modelQuery(client: HostClient, path: string) {
  return {
    queryKey: ['models', path],
    queryFn: () => client.models.read({ path }),
    staleTime: Number.POSITIVE_INFINITY,
  }
}

function fromConfig(name: string, text: string): FitModelState {
  const { architecture, config, problem } = parseConfigText(text)
  if (problem !== null) return { status: 'refused', problem: `${name}: ${problem}` }
  return {
    status: 'ready',
    label: name,
    parameterCount: parameterCount(architecture, architecture.head.default),
    resolved: { architecture, fileBytes: null },
    jobModel: { config },
    argument: name,
  }
}

function fromDisk(path: string, resolved: ResolvedModel | BareWeights): ReadyModel {
  const { architecture } = resolved
  return {
    status: 'ready',
    label: path.split(/[/\\]/).findLast((part) => part !== '') ?? path,
    parameterCount:
      architecture === null
        ? resolved.elementCount
        : parameterCount(architecture, architecture.head.default),
    resolved,
    jobModel: { path },
    argument: path,
  }
}
