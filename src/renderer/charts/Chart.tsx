import { Loader, Menu } from '@mantine/core'
import IconTable from '@tabler/icons-react/dist/esm/icons/IconTable.mjs'
import { memo, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import classes from './Chart.module.css'
import { ChartDataTable } from './ChartDataTable'
import type { ChartOption, ChartTable } from './chartOption'
import type { ChartInstance } from './echarts'
import { PictureMenu } from './PictureMenu'
import { useChart } from './useChart'
import { useChartScheme } from './useChartScheme'

interface ChartProps {
  /** A sentence that says what is to be seen. */
  readonly title: string
  /** How it was taken, in few words. */
  readonly caption?: string | undefined
  /** From a pure function of the data (and of `useChartScheme()`); keep it with `useMemo`. */
  readonly option: ChartOption
  /** The figures of the chart, whole. */
  readonly table: ChartTable
  /** Name of saved files, without extension. */
  readonly fileName: string
  /** Pixels of the drawing. */
  readonly height: number
  /** Charts of one group share their crosshair. */
  readonly group?: string | undefined
  /** Listens to the chart itself; returns how to stop. */
  readonly onReady?: (chart: ChartInstance) => (() => void) | undefined
}

/**
 * A chart with its title, its figures as a table, and ways to take it along. Not drawn again while
 * its figures stay: live pages change many times a second around it.
 */
export const Chart = memo(function Chart(props: ChartProps) {
  const { title, caption, option, table, fileName, height, group, onReady } = props
  const { t } = useTranslation()
  const scheme = useChartScheme()
  const complete = useMemo(() => withDefaults(option, title), [option, title])
  const { element, isReady } = useChart({ option: complete, scheme, group, onReady })
  const [isTableShown, setTableShown] = useState(false)

  return (
    <figure className={classes.figure}>
      <div className={classes.heading}>
        <figcaption className={classes.caption}>
          <span className={classes.title}>{title}</span>
          {caption && <span className={classes.detail}>{caption}</span>}
        </figcaption>
        <PictureMenu
          title={title}
          fileName={fileName}
          picture={() => ({
            option: complete,
            width: element.current?.clientWidth ?? 800,
            height,
          })}
          table={() => table}
        >
          <Menu.Divider />
          <Menu.Item
            leftSection={<IconTable size={15} />}
            onClick={() => setTableShown(!isTableShown)}
          >
            {isTableShown ? t('chart.hideTable') : t('chart.table')}
          </Menu.Item>
        </PictureMenu>
      </div>
      <div className={classes.plot} style={{ height }}>
        <div ref={element} className={classes.canvas} />
        {!isReady && (
          <div className={classes.loading}>
            <Loader size="xs" /> {t('loading')}
          </div>
        )}
      </div>
      <ChartDataTable table={table} title={title} isVisible={isTableShown} />
    </figure>
  )
})

/** Every chart speaks to screen readers, and draws its tooltip itself: the CSP takes styles from HTML ones. */
function withDefaults(option: ChartOption, title: string): ChartOption {
  const tooltip = Array.isArray(option.tooltip) ? option.tooltip[0] : option.tooltip
  return {
    animation: false,
    aria: { enabled: true, label: { description: title } },
    ...option,
    tooltip: { renderMode: 'richText', confine: true, ...tooltip },
  }
}
