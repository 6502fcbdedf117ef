import type { Output } from './terminal'

/** One JSON document on one line: what another program reads as a whole. */
export function printJson(out: Output, document: unknown): void {
  out.line(JSON.stringify(document))
}
