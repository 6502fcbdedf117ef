import { ActionIcon, Menu, Tooltip } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import IconDots from '@tabler/icons-react/dist/esm/icons/IconDots.mjs'
import IconFileTypeCsv from '@tabler/icons-react/dist/esm/icons/IconFileTypeCsv.mjs'
import IconFileTypeSvg from '@tabler/icons-react/dist/esm/icons/IconFileTypeSvg.mjs'
import IconPhoto from '@tabler/icons-react/dist/esm/icons/IconPhoto.mjs'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { ChartOption, ChartTable } from './chartOption'
import { tableToCsv } from './csv'
import { copyOrSave } from './giveAway'
import { useChartScheme } from './useChartScheme'

interface PictureMenuProps {
  readonly title: string
  /** Name of saved files, without extension. */
  readonly fileName: string
  /** Asked when somebody wants the picture; sizes in pixels. */
  readonly picture: () => { option: ChartOption; width: number; height: number }
  /** The same in figures. */
  readonly table: () => ChartTable
  /** Further entries. */
  readonly children?: ReactNode
}

/** Ways to take a picture along: as PNG, as SVG, as CSV. */
export function PictureMenu({ title, fileName, picture, table, children }: PictureMenuProps) {
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
    if (extension === 'csv') return tableToCsv(table())
    const { renderPng, renderSvg } = await import('./echarts')
    const drawn = { ...picture(), title, scheme }
    return extension === 'svg' ? renderSvg(drawn) : renderPng(drawn)
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
        {children}
      </Menu.Dropdown>
    </Menu>
  )
}
