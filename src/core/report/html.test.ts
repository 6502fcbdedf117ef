import { expect, it } from 'vitest'
import { exampleTextRun, trainedText } from '../../../test/exampleTextRun'
import { latencySamples } from '../../../test/runRecords'
import { exampleRun } from '../../../test/exampleRun'
import { canonicalJson } from '../run/canonicalJson'
import { reportHtml } from './html'
import { reportLanguages } from './words/reportWords'

const record = exampleRun()
const named = (name: string) => exampleRun({ device: { ...record.device, name } })

it('needs nothing from elsewhere', () => {
  const html = reportHtml(record, 'en')
  expect(html).not.toMatch(/<(link|img|iframe|object)\b/)
  expect(html).not.toMatch(/(src|href)="|@import|url\((?!#)/)
  expect(html).toContain('default-src &#39;none&#39;')
})

it('carries the whole record as it is checksummed', () => {
  const [, data = ''] = /<script type="application\/json"[^>]*>(.*?)<\/script>/.exec(
    reportHtml(record, 'en'),
  )!
  expect(canonicalJson(JSON.parse(data))).toBe(canonicalJson(record))
})

it.each(reportLanguages)('says in %s which language it is in', (language) => {
  expect(reportHtml(record, language)).toContain(`<html lang="${language}">`)
})

it('shows names that look like markup as text, also inside the data', () => {
  const html = reportHtml(named('<img src=x onerror=alert(1)></script><script>alert(2)'), 'en')
  expect(html).toContain('&lt;img src=x onerror=alert(1)&gt;')
  expect(html).not.toContain('<img')
  expect(html.match(/<script/g)).toHaveLength(2) // the data and the check
})

it('makes characters visible that would turn text around', () => {
  expect(reportHtml(named('T4\u202eevil'), 'en')).toContain('T4\ufffdevil')
})

it('shows how text was learned: tokens per second, share of the peak, loss of each precision', () => {
  const html = reportHtml(exampleTextRun(), 'en')
  expect(html).toContain('fp16-mixed training step is 2 × slower than fp32')
  expect(html).toContain('validation loss 2.02 (+1.0 % against fp32)')
  expect(html).toContain('Tokens per second')
  expect(html).toContain('class="validation-loss"')
})

it('predicts a whole model from two depths of it: 50 + 28 · (50 − 30) ÷ 2 = 330 ms', () => {
  const depth = {
    layerCount: 4,
    fullLayerCount: 32,
    shallowLayerCount: 2,
    shallowSamplesMs: latencySamples(30),
    shallowAllocatedPeakBytes: null,
  }
  const html = reportHtml(exampleTextRun({ steps: [trainedText(50, 2, { depth })] }), 'en')
  expect(html).toContain('all 32 layers are predicted to take 330 ms')
})
