import { ActionIcon, Loader, Menu, Tooltip } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import IconDots from '@tabler/icons-react/dist/esm/icons/IconDots.mjs'
import IconFileTypeCsv from '@tabler/icons-react/dist/esm/icons/IconFileTypeCsv.mjs'
import IconFileTypeSvg from '@tabler/icons-react/dist/esm/icons/IconFileTypeSvg.mjs'
import IconPhoto from '@tabler/icons-react/dist/esm/icons/IconPhoto.mjs'
import IconTable from '@tabler/icons-react/dist/esm/icons/IconTable.mjs'
import { memo, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import classes from './Chart.module.css'
import { ChartDataTable } from './ChartDataTable'
import type { ChartOption, ChartTable } from './chartOption'
import { tableToCsv } from './csv'
import type { ChartInstance } from './echarts'
import { copyOrSave } from './giveAway'
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
  const { title, caption, option, table, height, group, onReady } = props
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
        <ChartMenu
          {...props}
          option={complete}
          isTableShown={isTableShown}
          onToggleTable={() => setTableShown(!isTableShown)}
          sizeOf={() => element.current?.clientWidth ?? 800}
        />
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

interface ChartMenuProps extends ChartProps {
  readonly isTableShown: boolean
  readonly onToggleTable: () => void
  readonly sizeOf: () => number
}

function ChartMenu(props: ChartMenuProps) {
  const { title, option, table, height, fileName, isTableShown, onToggleTable, sizeOf } = props
  const { t } = useTranslation()
  const scheme = useChartScheme()

  async function give(extension: 'png' | 'svg' | 'csv') {
    const name = `${fileName}.${extension}`
    const given = await copyOrSave(await contentOf(extension), name)
    notifications.show({
      message: given === 'copied' ? t('chart.copied') : t('chart.saved', { fileName: name }),
    })
  }

  async function contentOf(extension: 'png' | 'svg' | 'csv'): Promise<string | Blob> {
    if (extension === 'csv') return tableToCsv(table)
    const { renderPng, renderSvg } = await import('./echarts')
    const picture = { option, title, scheme, width: sizeOf(), height }
    return extension === 'svg' ? renderSvg(picture) : renderPng(picture)
  }

  return (
    <Menu position="bottom-end">
      <Tooltip label={t('chart.export')}>
        <Menu.Target>
          <ActionIcon
            variant="subtle"
            color="gray"
            size="sm"
            aria-label={`${t('chart.export')}: ${title}`}
          >
            <IconDots size={16} />
          </ActionIcon>
        </Menu.Target>
      </Tooltip>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconPhoto size={15} />} onClick={() => void give('png')}>
          {t('chart.copyPng')}
        </Menu.Item>
        <Menu.Item leftSection={<IconFileTypeSvg size={15} />} onClick={() => void give('svg')}>
          {t('chart.copySvg')}
        </Menu.Item>
        <Menu.Item leftSection={<IconFileTypeCsv size={15} />} onClick={() => void give('csv')}>
          {t('chart.copyCsv')}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item leftSection={<IconTable size={15} />} onClick={onToggleTable}>
          {isTableShown ? t('chart.hideTable') : t('chart.table')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}

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
