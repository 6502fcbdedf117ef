import { Table, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import {
  fateInFormat,
  type NumberFormat,
  numberFormats,
  roundToFormat,
} from '../../../../core/numberFormat'
import { Panel } from '../../../components/Panel'
import { StatusBadge } from '../../../components/StatusBadge'
import { type Tone, Verdict } from '../../../components/Verdict'
import classes from './Formats.module.css'
import { formatNumber } from './formatNumber'

const fateTones: Readonly<Record<ReturnType<typeof fateInFormat>, Tone>> = {
  exact: 'good',
  rounded: 'neutral',
  overflow: 'bad',
  underflow: 'warn',
}

/** What each number format can hold, and what becomes of a number of one's own. */
export function FormatsSection() {
  const { t } = useTranslation('plan')
  const [text, setText] = useState('70000')
  const value = text.trim() === '' ? Number.NaN : Number(text.replace('−', '-'))
  const isNumber = Number.isFinite(value)
  const lost = numberFormats.filter(({ name }) =>
    ['overflow', 'underflow'].includes(fateInFormat(value, name)),
  )
  return (
    <>
      <Verdict
        tone={!isNumber ? 'warn' : lost.length > 0 ? 'bad' : 'good'}
        detail={t('formats.hint')}
        action={
          <TextInput
            label={t('formats.number')}
            className={classes.number}
            value={text}
            error={!isNumber}
            onChange={(event) => setText(event.currentTarget.value)}
          />
        }
      >
        {!isNumber
          ? t('formats.verdict.none')
          : lost.length === 0
            ? t('formats.verdict.held', { value: formatNumber(value) })
            : t('formats.verdict.lost', {
                value: formatNumber(value),
                formats: lost.map(({ name }) => name).join(', '),
              })}
      </Verdict>
      <Panel title={t('formats.heading')} className={classes.panel}>
        <div className={classes.scroll}>
          <Table className={classes.table} aria-label={t('formats.heading')}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th scope="col">{t('formats.format')}</Table.Th>
                {figures.map((name) => (
                  <Table.Th key={name} scope="col" ta="right">
                    {t(`formats.${name}`)}
                  </Table.Th>
                ))}
                <Table.Th scope="col" ta="right">
                  {t('formats.becomes', { value: isNumber ? formatNumber(value) : '—' })}
                </Table.Th>
                <Table.Th scope="col">{t('formats.how')}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {numberFormats.map((format) => (
                <FormatRow key={format.name} format={format} value={isNumber ? value : null} />
              ))}
            </Table.Tbody>
          </Table>
        </div>
      </Panel>
    </>
  )
}

const figures = ['bits', 'values', 'largest', 'smallestNormal', 'smallestPositive', 'step'] as const

interface FormatRowProps {
  readonly format: NumberFormat
  readonly value: number | null
}

function FormatRow({ format, value }: FormatRowProps) {
  const { t } = useTranslation('plan')
  const { name, type, storedBits, exponentBits, mantissaBits } = format
  const fate = value === null ? null : fateInFormat(value, name)
  const layout =
    type === 'integer'
      ? t('formats.integer')
      : t('formats.layout', { exponent: exponentBits, mantissa: mantissaBits })
  return (
    <Table.Tr>
      <Table.Th scope="row">
        {name}
        <small>{layout}</small>
      </Table.Th>
      <Table.Td ta="right">{storedBits}</Table.Td>
      <Table.Td ta="right">{formatNumber(format.distinctValues)}</Table.Td>
      <Table.Td ta="right">{formatNumber(format.largest)}</Table.Td>
      <Table.Td ta="right">{formatNumber(format.smallestNormal)}</Table.Td>
      <Table.Td ta="right">{formatNumber(format.smallestSubnormal ?? format.stepAtOne)}</Table.Td>
      <Table.Td ta="right">{formatNumber(format.stepAtOne)}</Table.Td>
      <Table.Td ta="right" className={classes.becomes}>
        {value === null ? '—' : formatNumber(roundToFormat(value, name))}
      </Table.Td>
      <Table.Td>
        {fate && <StatusBadge tone={fateTones[fate]}>{t(`formats.fate.${fate}`)}</StatusBadge>}
      </Table.Td>
    </Table.Tr>
  )
}
