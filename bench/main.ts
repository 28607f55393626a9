/** Every benchmark by name; each prints its figures with the machine they were taken on. */
const benchmarks: Readonly<Record<string, (words: readonly string[]) => Promise<void>>> = {
  'window-layouts': async () => (await import('./window-layouts.ts')).benchWindowLayouts(),
  evaluate: async (words) => (await import('./evaluate.ts')).benchEvaluate(words),
  ingest: async (words) => (await import('./ingest.ts')).benchIngest(words),
  soak: async (words) => (await import('./soak.ts')).benchSoak(words),
  'series-memory': async () => (await import('./series-memory.ts')).benchSeriesMemory(),
  scrape: async () => (await import('./scrape.ts')).benchScrape(),
  quality: async (words) => (await import('./quality.ts')).benchQuality(words),
  'ingest-memory': async () => (await import('./ingest-memory.ts')).benchIngestMemory(),
  delivery: async (words) => (await import('./delivery.ts')).benchDelivery(words),
  otlp: async () => (await import('./otlp.ts')).benchOtlp(),
}

const [name = '', ...words] = process.argv.slice(2)
if (Object.hasOwn(benchmarks, name)) await benchmarks[name](words)
else {
  console.error(`usage: npm run bench -- NAME, where NAME is one of ${Object.keys(benchmarks).join(', ')}`)
  process.exitCode = 2
}
