import { useTranslation } from 'react-i18next'
import type { DevicesReport } from '../../../core/device'
import { assertNever } from '../../../core/errors'
import { formatBytes } from '../../../core/units'
import { Verdict } from '../../components/Verdict'
import { useSentence } from '../../sentences/useSentence'
import { devicesVerdict } from './devicesVerdict'

export function DevicesVerdictLine({ report }: { readonly report: DevicesReport }) {
  const { t } = useTranslation(['devices', 'common'])
  const say = useSentence('devices')
  const verdict = devicesVerdict(report)
  switch (verdict.type) {
    case 'gpu': {
      const [{ name, memoryFreeBytes }] = verdict.gpus
      const count = verdict.gpus.length
      const { provider } = verdict
      return (
        <Verdict tone="good">
          {memoryFreeBytes === null
            ? t('verdict.gpuWithoutFree', { count, name, provider })
            : t('verdict.gpu', { count, name, provider, free: formatBytes(memoryFreeBytes) })}
        </Verdict>
      )
    }
    case 'gpuUnusable': {
      const { gpu, provider } = verdict
      const detail =
        provider &&
        t('verdict.gpuUnusableDetail', {
          provider: provider.name,
          reason: provider.reason === null ? t('common:unknown') : say(provider.reason),
        })
      return (
        <Verdict tone="warn" detail={detail}>
          {t('verdict.gpuUnusable', { name: gpu.name })}
        </Verdict>
      )
    }
    case 'cpu': {
      const { name, memoryFreeBytes, memoryTotalBytes } = verdict.cpu
      const detail = t('verdict.cpuDetail', {
        cpu: name,
        cores: report.host.logicalCores,
        free: formatBytes(memoryFreeBytes),
        total: formatBytes(memoryTotalBytes),
      })
      return (
        <Verdict tone="neutral" detail={detail}>
          {t('verdict.cpu')}
        </Verdict>
      )
    }
    case 'nothing':
      return (
        <Verdict tone="bad" detail={t('verdict.nothingDetail')}>
          {t('verdict.nothing')}
        </Verdict>
      )
    default:
      return assertNever(verdict)
  }
}
