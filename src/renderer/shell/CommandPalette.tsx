import { Spotlight, type SpotlightActionGroupData } from '@mantine/spotlight'
import IconPlayerPlay from '@tabler/icons-react/dist/esm/icons/IconPlayerPlay.mjs'
import IconRefresh from '@tabler/icons-react/dist/esm/icons/IconRefresh.mjs'
import IconSearch from '@tabler/icons-react/dist/esm/icons/IconSearch.mjs'
import IconSunMoon from '@tabler/icons-react/dist/esm/icons/IconSunMoon.mjs'
import IconLanguage from '@tabler/icons-react/dist/esm/icons/IconLanguage.mjs'
import { useMantineColorScheme } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { languageNames, languages, switchLanguage } from '../i18n'
import { navigation } from '../navigation'
import { detectAgain } from '../pages/devices/devicesQuery'
import { useHost } from '../host'

/** Every page and every action by name: Ctrl K or ⌘ K. */
export function CommandPalette() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const { client } = useHost()
  const queries = useQueryClient()
  const { setColorScheme } = useMantineColorScheme()

  const actions: SpotlightActionGroupData[] = [
    {
      group: t('palette.pages'),
      actions: navigation.map(({ path, labelKey, icon: Icon }) => ({
        id: path,
        label: t(`navigation.${labelKey}`),
        leftSection: <Icon size={16} />,
        onClick: () => void navigate({ to: path }),
      })),
    },
    {
      group: t('palette.actions'),
      actions: [
        {
          id: 'run',
          label: t('palette.run'),
          leftSection: <IconPlayerPlay size={16} />,
          onClick: () => void navigate({ to: '/plan' }),
        },
        {
          id: 'detect',
          label: t('palette.detect'),
          leftSection: <IconRefresh size={16} />,
          onClick: () => {
            void navigate({ to: '/devices' })
            void detectAgain(queries, client)
          },
        },
        ...(['light', 'dark', 'auto'] as const).map((scheme) => ({
          id: `colorScheme.${scheme}`,
          label: `${t('colorScheme.label')}: ${t(`colorScheme.${scheme}`)}`,
          leftSection: <IconSunMoon size={16} />,
          onClick: () => setColorScheme(scheme),
        })),
        ...languages.map((language) => ({
          id: `language.${language}`,
          label: `${t('language')}: ${languageNames[language]}`,
          leftSection: <IconLanguage size={16} />,
          onClick: () => void switchLanguage(language),
        })),
      ],
    },
  ]
  return (
    <Spotlight
      actions={actions}
      shortcut="mod + K"
      highlightQuery
      nothingFound={t('palette.nothingFound')}
      searchProps={{
        leftSection: <IconSearch size={16} aria-hidden />,
        placeholder: t('palette.placeholder'),
        'aria-label': t('palette.open'),
      }}
    />
  )
}
