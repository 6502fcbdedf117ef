import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { pipDownload } from './pipDownload'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'headroom-pip-'))
})
afterEach(() => rm(folder, { recursive: true }))

it.skipIf(process.platform === 'win32')(
  'an old pip, which cannot tell how far it is, is watched by the file that grows',
  async () => {
    // Writes a part, goes on when that was seen, and finishes as pip does.
    const command = join(folder, 'python3')
    const seen = join(folder, 'seen')
    await writeFile(
      command,
      `#!/bin/sh
case "$*" in *progress-bar=off*) ;; *) exit 3;; esac
head -c 3000 /dev/zero > "$TMPDIR/part"
until [ -e "${seen}" ]; do :; done
mv "$TMPDIR/part" "$TMPDIR/finished/nvidia_cublas-13.1.0-py3-none-manylinux_2_27_x86_64.whl"
`,
    )
    await chmod(command, 0o755)
    const told: (readonly [number, number | null])[] = []
    const wheel = await pipDownload({ command, pipVersion: [22, 0] }, 'nvidia-cublas~=13.0', {
      folder,
      environment: process.env,
      signal: new AbortController().signal,
      onBytes(done, total) {
        told.push([done, total])
        if (done === 3000) void writeFile(seen, '')
      },
    })
    expect(told).toContainEqual([3000, null])
    expect(await readFile(wheel)).toHaveLength(3000)
  },
)
