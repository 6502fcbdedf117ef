import { useTranslation } from 'react-i18next'
import type { MemoryTruth } from '../../../core/monitor/memoryTruth'
import type { MonitoredGpu, MonitorState } from '../../../core/monitor/monitorState'
import { formatBytes } from '../../../core/units'
import { errorLine } from '../../components/errorLine'
import { type Tone, Verdict } from '../../components/Verdict'
import { monitorVerdict, type MonitorVerdict } from './monitorVerdict'
import { useSources } from './useSources'

interface MonitorVerdictLineProps {
  readonly state: MonitorState
  readonly gpu: MonitoredGpu | null
  /** Why no more figures come. */
  readonly error: unknown
}

const tones: Readonly<Record<MonitorVerdict['type'], Tone>> = {
  starting: 'neutral',
  noGpu: 'neutral',
  silent: 'warn',
  lost: 'bad',
  xid: 'bad',
  throttled: 'warn',
  shared: 'warn',
  free: 'good',
}

/** The page's answer, and where its figures come from. */
export function MonitorVerdictLine({ state, gpu, error }: MonitorVerdictLineProps) {
  const { t } = useTranslation('monitor')
  const sources = useSources(state, gpu)
  const words = useWords()
  if (error) {
    return (
      <Verdict tone="warn" detail={errorLine(error)}>
        {t('lost')}
      </Verdict>
    )
  }
  const verdict = monitorVerdict(state, gpu)
  const { line, detail } = words(verdict)
  return (
    <Verdict tone={tones[verdict.type]} detail={detail ?? sources.line}>
      {line}
    </Verdict>
  )
}

function useWords() {
  const { t } = useTranslation('monitor')
  const whoShares = ({ others, otherProcesses }: MemoryTruth): string => {
    const [first, ...more] = others
    const all = formatBytes(otherProcesses.bytes)
    if (!first) return t('verdict.sharedByUnknown', { bytes: all })
    const name = first.name ?? `PID ${first.pid}`
    const line = t('verdict.sharedBy', { name, bytes: formatBytes(first.usedBytes) })
    if (more.length === 0) return line
    return t('verdict.sharedByMore', { first: line, count: more.length, bytes: all })
  }
  return (verdict: MonitorVerdict): { readonly line: string; readonly detail?: string } => {
    switch (verdict.type) {
      case 'starting':
        return { line: t('starting'), detail: t('startingText') }
      case 'noGpu':
        return {
          line: t('verdict.noGpu'),
          detail: t('verdict.noGpuDetail', { reason: verdict.reason ?? '—' }),
        }
      case 'silent': {
        const { seconds, sampler } = verdict
        const line = seconds > 0 ? t('verdict.silent', { seconds }) : t('verdict.silentAtOnce')
        const reason = sampler?.reason
        return reason ? { line, detail: t('verdict.silentDetail', { reason }) } : { line }
      }
      case 'lost':
        return {
          line: t('verdict.lost', { name: verdict.gpu.name }),
          detail: t('verdict.lostDetail', { fault: verdict.fault }),
        }
      case 'xid':
        return { line: t('verdict.xid', { name: verdict.gpu.name, code: verdict.code }) }
      case 'throttled': {
        const reasons = verdict.reasons.map((reason) => t(`reason.${reason}`)).join(', ')
        return { line: t('verdict.throttled', { name: verdict.gpu.name, reasons }) }
      }
      case 'shared': {
        const bytes = formatBytes(verdict.truth.usableBytes)
        const others = whoShares(verdict.truth)
        return { line: t('verdict.shared', { name: verdict.gpu.name, others, bytes }) }
      }
      case 'free': {
        const { usableBytes } = verdict.truth
        const { name } = verdict.gpu
        return usableBytes === null
          ? { line: t('verdict.freeUnknown', { name }) }
          : { line: t('verdict.free', { name, bytes: formatBytes(usableBytes) }) }
      }
    }
  }
}
