import { Button, NativeSelect } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ImagePresetName } from '../../../core/plan/workload'
import { errorLine } from '../../components/errorLine'
import { Page } from '../../components/Page'
import { Verdict } from '../../components/Verdict'
import { Waiting } from '../../components/Waiting'
import { useHost } from '../../host'
import { CalibrationBench } from './CalibrationBench'
import { networkQuery } from './quantizationQueries'

/** From the type alone, since the schemas stay in the host. */
const presets = ['digits-mlp', 'digits-cnn'] as const satisfies readonly ImagePresetName[]

/** Is int8 worth it? */
export function QuantizationPage() {
  const { t } = useTranslation(['quantization', 'common'])
  const { client } = useHost()
  const [preset, setPreset] = useState<ImagePresetName>('digits-mlp')
  const { data, error, refetch } = useQuery(networkQuery(client, preset))
  const choice = (
    <NativeSelect
      size="xs"
      aria-label={t('network')}
      value={preset}
      onChange={({ currentTarget }) => setPreset(currentTarget.value as ImagePresetName)}
      data={[...presets]}
    />
  )
  return (
    <Page title={t('common:navigation.quantization')} actions={choice}>
      {error ? (
        <Verdict
          tone="bad"
          detail={errorLine(error)}
          action={
            <Button variant="default" size="xs" onClick={() => void refetch()}>
              {t('common:error.retry')}
            </Button>
          }
        >
          {t('common:error.title')}
        </Verdict>
      ) : data ? (
        <CalibrationBench key={preset} preset={preset} network={data} />
      ) : (
        <Waiting title={t('calibrating')} text={t('calibratingText')} />
      )}
    </Page>
  )
}
