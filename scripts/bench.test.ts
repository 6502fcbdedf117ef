import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

it.each([
  ['a Python without torch', '/bin/false'],
  ['no Python', '/nowhere/python'],
])(
  'says how to get torch where there is %s, and fails',
  async (_what, python) => {
    const run = promisify(execFile)(
      process.execPath,
      ['scripts/bench.mjs', 'training', '--python', python],
      // A display is none of its business.
      { env: { ...process.env, DISPLAY: ':0' } },
    )
    await expect(run).rejects.toMatchObject({
      code: 1,
      stdout: expect.stringContaining('pip install torch') as unknown,
    })
  },
  30_000,
)
