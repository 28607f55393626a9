/** Every benchmark by name; each prints its figures with the machine they were taken on. */
const benchmarks: Readonly<Record<string, () => Promise<void>>> = {
  'window-layouts': async () => (await import('./window-layouts.ts')).benchWindowLayouts(),
  evaluate: async () => (await import('./evaluate.ts')).benchEvaluate(),
  ingest: async () => (await import('./ingest.ts')).benchIngest(),
}

const [name = ''] = process.argv.slice(2)
if (Object.hasOwn(benchmarks, name)) await benchmarks[name]()
else {
  console.error(`usage: npm run bench -- NAME, where NAME is one of ${Object.keys(benchmarks).join(', ')}`)
  process.exitCode = 2
}
