import { Table } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { TimeEstimate, TimePhase } from '../../../core/estimate/estimate'
import { formatDuration, formatSignificant, GiB } from '../../../core/units'
import { Bar } from '../../components/Bar'
import { useSentence } from '../../sentences/useSentence'
import classes from './CellDetails.module.css'

/** Colours of the page itself: what is computed, and, in grey, what waits for memory. */
const boundColours: Readonly<Record<TimePhase['boundBy'], string>> = {
  compute: 'var(--mantine-primary-color-filled)',
  memory: 'var(--mantine-color-dimmed)',
}

const inUnit = (value: number, unit: number): string =>
  value > 0 && value < unit / 1000 ? '< 0.001' : formatSignificant(value / unit)

/** How long each phase of a step takes by the roofline, and whether computing or moving bounds it. */
export function PhaseTimes({ time }: { readonly time: TimeEstimate }) {
  const { t } = useTranslation('fit')
  const say = useSentence()
  const { phases, rates, stepMs } = time
  const longest = Math.max(...phases.map(({ ms }) => ms))
  return (
    <>
      <div className={classes.scroll}>
        <Table aria-label={t('times.heading')} verticalSpacing={3}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">{t('times.phase')}</Table.Th>
              <Table.Th scope="col" aria-label={t('times.share')} className={classes.share} />
              <Table.Th scope="col" ta="right">
                {t('times.time')}
              </Table.Th>
              <Table.Th scope="col">{t('times.bound')}</Table.Th>
              <Table.Th scope="col" ta="right">
                TFLOP
              </Table.Th>
              <Table.Th scope="col" ta="right">
                {t('times.moved')}
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {phases.map(({ phase, passes, flops, bytes, boundBy, ms }) => (
              <Table.Tr key={phase}>
                <Table.Th scope="row" fw={500} className={classes.nowrap}>
                  {t(`phase.${phase}`)}
                  {passes > 1 && <span className={classes.passes}>× {passes}</span>}
                </Table.Th>
                <Table.Td>
                  <Bar
                    parts={[{ key: phase, value: ms, colour: boundColours[boundBy] }]}
                    max={longest}
                    label={t('times.percent', { percent: formatSignificant((100 * ms) / stepMs) })}
                    height={10}
                  />
                </Table.Td>
                <Table.Td ta="right" className={classes.nowrap}>
                  {formatDuration(ms)}
                </Table.Td>
                <Table.Td>{t(`times.by.${boundBy}`)}</Table.Td>
                <Table.Td ta="right">{inUnit(flops, 1e12)}</Table.Td>
                <Table.Td ta="right">{inUnit(bytes, GiB)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </div>
      <p className={classes.note}>{t('times.source', { source: say(rates.source) })}</p>
    </>
  )
}
