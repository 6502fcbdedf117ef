import * as z from 'zod'
import rows from '../../resources/gpus.json'
import { GpuSpec } from './gpus'

/** The rows of resources/gpus.json, checked once; the file ships with the application. */
export const builtInGpus: readonly GpuSpec[] = z.array(GpuSpec).parse(rows)
