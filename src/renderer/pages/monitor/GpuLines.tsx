import { useTranslation } from 'react-i18next'
import type { TimeLinesOptions } from '../../charts/timeLinesOption'
import { LiveChart } from './LiveChart'
import classes from './MonitorPage.module.css'

interface GpuLinesProps {
  /** What the charts share their crosshair by. */
  readonly group: string
  readonly gpuId: string
  readonly caption: string
  readonly clocksCaption?: string
  readonly memoryTitle: string
  readonly charts: Readonly<
    Record<'memory' | 'utilization' | 'clocks' | 'power' | 'temperature', TimeLinesOptions>
  >
}

const heroHeight = 304
const lineHeight = 108

/** The lines of one GPU, live or recorded: memory large, the others beside it. */
export function GpuLines({ clocksCaption, memoryTitle, charts, ...shared }: GpuLinesProps) {
  const { t } = useTranslation('monitor')
  const line = { ...shared, height: lineHeight }
  return (
    <div className={classes.charts}>
      <LiveChart
        {...shared}
        className={classes.hero}
        title={memoryTitle}
        height={heroHeight}
        options={charts.memory}
      />
      <LiveChart {...line} title={t('chart.utilization')} options={charts.utilization} />
      <LiveChart
        {...line}
        caption={clocksCaption ?? shared.caption}
        title={t('chart.clocks')}
        options={charts.clocks}
      />
      <LiveChart {...line} title={t('chart.power')} options={charts.power} />
      <LiveChart {...line} title={t('chart.temperature')} options={charts.temperature} />
    </div>
  )
}
