import { describe, expect, it } from 'vitest'
import { wheelPipTakes } from './pipWheels'

const take = (requirement: string, ...names: string[]) =>
  wheelPipTakes(
    names.map((name) => ({ name, bytes: 1 })),
    requirement,
  )?.name ?? null

const cublas = (version: string, tags = 'py3-none-manylinux_2_27_x86_64') =>
  `nvidia_cublas-${version}-${tags}.whl`
const provider = (tags: string) => `onnxruntime_gpu-1.30.0-${tags}.whl`

describe('the wheel that pip takes', () => {
  it('is the newest final version of the wanted major one', () => {
    expect(
      take(
        'nvidia-cublas~=13.0',
        cublas('13.9.0.1'),
        cublas('13.10.0.1'),
        cublas('13.11.0rc1'),
        cublas('12.99.0.1'),
        'nvidia_cublas_cu12-13.20.0.1-py3-none-manylinux_2_27_x86_64.whl',
      ),
    ).toBe(cublas('13.10.0.1'))
  })

  it('is for this platform, by any of its names', () => {
    const both = 'py3-none-manylinux2014_x86_64.manylinux_2_17_x86_64'
    expect(
      take(
        'nvidia-cublas~=13.0',
        cublas('13.3', 'py3-none-manylinux_2_27_aarch64'),
        cublas('13.3', 'py3-none-win_amd64'),
        cublas('13.3', 'py3-none-manylinux_2_39_x86_64'),
        cublas('13.2', both),
      ),
    ).toBe(cublas('13.2', both))
    const old = 'py3-none-manylinux2010_x86_64.manylinux_2_12_x86_64'
    expect(take('nvidia-cublas~=13.0', cublas('13.2', old))).toBe(cublas('13.2', old))
  })

  it('is for the first Python that has one, and not for one without a global lock', () => {
    const [free, older] = ['cp313-cp313t', 'cp312-cp312'].map((tags) =>
      provider(`${tags}-manylinux_2_28_x86_64`),
    )
    expect(take('onnxruntime-gpu==1.30.0', free!, older!)).toBe(older)
    const first = provider('cp313-cp313-manylinux_2_27_x86_64.manylinux_2_28_x86_64')
    expect(take('onnxruntime-gpu==1.30.0', older!, free!, first)).toBe(first)
  })

  it('is none where the index has other versions only', () => {
    expect(
      take('onnxruntime-gpu==1.30.1', provider('cp313-cp313-manylinux_2_28_x86_64')),
    ).toBeNull()
  })
})
