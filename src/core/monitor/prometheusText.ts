// Written here and not left to prom-client: that keeps metrics in a registry which is set and reset at
// every change, gives its text by a promise, and loads Node's modules, a tracing interface and a digest
// for histograms. What is told here is a function of one state; its text takes two functions.

/** One metric with its values, as Prometheus' text format 0.0.4 has them. */
export interface Metric {
  readonly name: string
  readonly help: string
  readonly type: 'gauge' | 'counter'
  readonly values: readonly MetricValue[]
}

export interface MetricValue {
  readonly labels: Readonly<Record<string, string | null>>
  /** null leaves the line out: what is not known is not 0. */
  readonly value: number | null
}

/** Metrics of which anything is known, each with its help and type before its values. */
export function prometheusText(metrics: readonly Metric[]): string {
  return metrics
    .map(({ name, help, type, values }) => {
      const known = values.filter(({ value }) => value !== null && Number.isFinite(value))
      if (known.length === 0) return ''
      const lines = known.map(({ labels, value }) => `${name}${labelText(labels)} ${value}`)
      const escapedHelp = help.replaceAll('\\', String.raw`\\`).replaceAll('\n', String.raw`\n`)
      return [`# HELP ${name} ${escapedHelp}`, `# TYPE ${name} ${type}`, ...lines, ''].join('\n')
    })
    .join('')
}

function labelText(labels: MetricValue['labels']): string {
  const pairs = Object.entries(labels).map(
    ([name, value]) => `${name}="${escapeLabel(value ?? '')}"`,
  )
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`
}

/** A program may be called whatever its author likes. */
function escapeLabel(text: string): string {
  return text
    .replaceAll('\\', String.raw`\\`)
    .replaceAll('"', String.raw`\"`)
    .replaceAll('\n', String.raw`\n`)
}
