import { ActionIcon, CopyButton, Tooltip } from '@mantine/core'
import IconCheck from '@tabler/icons-react/dist/esm/icons/IconCheck.mjs'
import IconCopy from '@tabler/icons-react/dist/esm/icons/IconCopy.mjs'
import { useTranslation } from 'react-i18next'
import classes from './Command.module.css'

/** A command for a terminal, to be copied. */
export function Command({ command }: { readonly command: string }) {
  const { t } = useTranslation('devices')
  return (
    <div className={classes.command}>
      <code>{command}</code>
      <CopyButton value={command}>
        {({ copied, copy }) => {
          const label = copied ? t('command.copied') : t('command.copy')
          return (
            <Tooltip label={label}>
              <ActionIcon variant="subtle" size="sm" aria-label={label} onClick={copy}>
                {copied ? <IconCheck size={14} aria-hidden /> : <IconCopy size={14} aria-hidden />}
              </ActionIcon>
            </Tooltip>
          )
        }}
      </CopyButton>
    </div>
  )
}
