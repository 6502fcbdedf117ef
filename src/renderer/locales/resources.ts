import commonEn from './en/common.json'
import commonZh from './zh-CN/common.json'
import compareEn from './en/compare.json'
import compareZh from './zh-CN/compare.json'
import devicesEn from './en/devices.json'
import devicesZh from './zh-CN/devices.json'
import fitEn from './en/fit.json'
import fitZh from './zh-CN/fit.json'
import historyEn from './en/history.json'
import historyZh from './zh-CN/history.json'
import monitorEn from './en/monitor.json'
import monitorZh from './zh-CN/monitor.json'
import planEn from './en/plan.json'
import planZh from './zh-CN/plan.json'
import quantizationEn from './en/quantization.json'
import quantizationZh from './zh-CN/quantization.json'
import reportEn from './en/report.json'
import reportZh from './zh-CN/report.json'
import runEn from './en/run.json'
import runZh from './zh-CN/run.json'

// One namespace per page, one file per namespace and language.

export type Texts = typeof en

const en = {
  common: commonEn,
  compare: compareEn,
  devices: devicesEn,
  fit: fitEn,
  history: historyEn,
  monitor: monitorEn,
  plan: planEn,
  quantization: quantizationEn,
  report: reportEn,
  run: runEn,
}

/** The type makes sure that no text is missing in Chinese; the test beside, that none is left over. */
const zhCN: Texts = {
  common: commonZh,
  compare: compareZh,
  devices: devicesZh,
  fit: fitZh,
  history: historyZh,
  monitor: monitorZh,
  plan: planZh,
  quantization: quantizationZh,
  report: reportZh,
  run: runZh,
}

export const resources = { en, 'zh-CN': zhCN }
