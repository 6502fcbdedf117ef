import { expect, it } from 'vitest'
import { zhCN } from '../core/report/words/zhCN'
import { explainExit } from './engineFailure'

it('has its reasons in Chinese', () => {
  const reasons = [
    explainExit({ code: null, signal: 'SIGABRT' }, 'std::bad_alloc'),
    explainExit({ code: null, signal: 'SIGTRAP' }, ''),
    explainExit({ code: null, signal: 'SIGKILL' }, ''),
    explainExit({ code: null, signal: 'SIGSEGV' }, ''),
    explainExit({ code: null, signal: null }, ''),
    explainExit({ code: 0, signal: null }, ''),
    explainExit({ code: 3, signal: null }, ''),
  ].map(({ reason }) => reason)
  expect(reasons.filter((reason) => zhCN.note(reason) === reason)).toEqual([])
})
