import { readAmdSmiFigures } from './amdSmiFigures'
import { readGraphicsFigures } from './graphicsFigures'
import { readIoregFigures } from './ioregFigures'
import { readSmiFigures } from './smiFigures'
import type { ReadTool } from './toolSampler'

/** Who is asked where no driver answers by itself, the best informed first. */
export const monitorTools: readonly ReadTool[] = [
  () => readSmiFigures(),
  () => readAmdSmiFigures(),
  readIoregFigures,
  readGraphicsFigures,
]
