import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  forbiddenImports,
  type Import,
  type ImportMap,
  importsOf,
  type PackageHomes,
  packageOf,
  siblingImports,
  strayPackages,
  withoutComments,
} from './support/import-map.ts'
import { readRepositoryFile, repositoryFiles } from './support/repository-files.ts'

const shell = [
  'core',
  'documents',
  'ports',
  'rules',
  'dashboards',
  'reports',
  'engine',
  'ingest',
  'delivery',
  'storage',
  'telemetry',
  'export',
]

/** Who may import whom. docs/architecture.md shows the same table. */
const importMap: ImportMap = {
  'core/model': [],
  'core/time': ['core/model'],
  'core/series': ['core/model', 'core/time'],
  'core/sli': ['core/model', 'core/time', 'core/series'],
  'core/budget': ['core/model', 'core/time', 'core/series', 'core/sli'],
  'core/regions': ['core/model', 'core/time', 'core/series', 'core/sli', 'core/budget'],
  'core/evidence': ['core/model', 'core/time', 'core/series', 'core/sli', 'core/budget', 'core/regions'],
  'core/alerting': [
    'core/model',
    'core/time',
    'core/series',
    'core/sli',
    'core/budget',
    'core/regions',
    'core/evidence',
  ],
  'core/incidents': [
    'core/model',
    'core/time',
    'core/series',
    'core/sli',
    'core/budget',
    'core/regions',
    'core/evidence',
    'core/alerting',
  ],
  'core/paging': [
    'core/model',
    'core/time',
    'core/series',
    'core/sli',
    'core/budget',
    'core/regions',
    'core/evidence',
    'core/alerting',
    'core/incidents',
  ],
  documents: ['core/model'],
  ports: ['core/model'],
  rules: ['core', 'documents'],
  compile: ['core', 'rules'],
  dashboards: ['core'],
  reports: ['core'],
  engine: ['core', 'ports'],
  ingest: ['core', 'ports'],
  delivery: ['core', 'ports'],
  storage: ['core', 'ports'],
  telemetry: ['core', 'ports'],
  // It speaks HTTP as those do who ask for samples.
  export: ['core', 'ports', 'ingest/http-exchange.ts', 'ingest/http-settings.ts'],
  web: ['core', 'ports', 'reports'],
  config: [
    'core/model',
    'core/time',
    'core/sli',
    'core/incidents',
    'core/paging',
    'documents',
    'ingest/**/config.ts',
    'delivery/**/config.ts',
    'export/**/config.ts',
  ],
  simulation: ['core', 'ports', 'engine', 'rules'],
  app: [...shell, 'web', 'config', 'simulation'],
  cli: ['core', 'ports', 'rules', 'compile', 'dashboards', 'reports', 'config', 'simulation', 'app'],
  'main.ts': ['cli'],
}

/** Every npm package we depend on has one or two homes and is imported nowhere else. */
const packageHomes: PackageHomes = {
  '@grafana/grafana-foundation-sdk': ['dashboards'],
  '@grpc/grpc-js': ['ingest/otlp'],
  '@lezer/common': ['rules'],
  // Nobody imports it: the parser of PromQL asks for it as a peer.
  '@lezer/lr': [],
  '@prometheus-io/lezer-promql': ['rules'],
  '@slack/web-api': ['delivery/receivers/slack'],
  ajv: ['documents'],
  commander: ['cli'],
  // Nobody imports it: reports embed its fonts into PDFs.
  'dejavu-fonts-ttf': [],
  fastify: ['web'],
  luxon: ['core/time', 'reports'],
  mathjs: ['core/sli'],
  nodemailer: ['delivery/receivers/email'],
  pdfkit: ['reports/render/pdf'],
  pino: ['telemetry'],
  'prom-client': ['telemetry'],
  re2js: ['core/sli'],
  snappyjs: ['export'],
  undici: ['delivery/receivers'],
  yaml: ['documents', 'rules'],
}

const sources = repositoryFiles('src/**/*.ts').map(({ path, text }) => ({ path: path.slice('src/'.length), text }))
const imports = sources.flatMap(({ path, text }) => importsOf(path, text))

test('every import goes the way the import map allows', () => {
  assert.ok(imports.length > 100, 'the imports were not found')
  assert.deepEqual(forbiddenImports(imports, importMap), [])
})

test('neighbours do not know each other: receivers, ingest protocols, stores', () => {
  assert.deepEqual(siblingImports(imports, 'delivery/receivers'), [])
  assert.deepEqual(siblingImports(imports, 'ingest', ['wire']), [])
  assert.deepEqual(siblingImports(imports, 'storage'), [])
})

test('npm packages stay in their homes', () => {
  assert.deepEqual(strayPackages(imports, packageHomes), [])
})

test('every package we depend on has a home and is used there', () => {
  const { dependencies } = JSON.parse(readRepositoryFile('package.json'))
  assert.deepEqual(Object.keys(dependencies).toSorted(), Object.keys(packageHomes).toSorted())
  const used = new Set(imports.map(({ specifier }) => packageOf(specifier)))
  assert.deepEqual(
    Object.entries(packageHomes).filter(([name, homes]) => homes.length > 0 && !used.has(name)),
    [],
  )
})

test('core, ports and engine reach the world through ports only', () => {
  const worldly = imports.filter(({ from, specifier }) => {
    return /^(core|ports|engine)\//.test(from) && specifier.startsWith('node:')
  })
  assert.deepEqual(worldly, [])
})

/** What the compiler cannot keep out of core, because it is part of the language. */
const worldlyCalls = /\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b|\bperformance\b|\bDateTime\.(?:now|local|utc)\(\)/

test('the clock and chance are asked in app only, durations also where they are measured', () => {
  const asking = sources.filter(({ text }) => worldlyCalls.test(withoutComments(text))).map(({ path }) => path)
  assert.deepEqual(
    asking.filter((path) => !path.startsWith('app/') && path !== 'telemetry/measured-store.ts'),
    [],
  )
})

test('the import checks find what is forbidden', () => {
  const made: Import[] = [
    ...importsOf('core/model/slo.ts', "import type { Clock } from '../../ports/clock.ts'\nimport 'node:fs'\n"),
    ...importsOf(
      'core/series/a.ts',
      "export {\n  b,\n} from '../sli/b.ts'\nimport x, { type Y } from '../model/y.ts'\n",
    ),
    ...importsOf(
      'config/c.ts',
      "import { d } from '../ingest/scrape/config.ts'\nawait import('../ingest/scrape/e.ts')\n",
    ),
    ...importsOf('web/f.ts', "import { Ajv } from 'ajv/dist/core.js'\n// import { g } from '../app/g.ts'\n"),
    ...importsOf(
      'delivery/receivers/slack/send.ts',
      "import { h } from '../email/h.ts'\nimport { i } from '../i.ts'\n",
    ),
    ...importsOf('attic/j.ts', "import { k } from './k.ts'\n"),
  ]
  assert.deepEqual(forbiddenImports(made, importMap), [
    'core/model/slo.ts imports ports/clock.ts; core/model may import nothing',
    'core/series/a.ts imports core/sli/b.ts; core/series may import core/model, core/time',
    'config/c.ts imports ingest/scrape/e.ts; config may import ' +
      'core/model, core/time, core/sli, core/incidents, core/paging, documents, ingest/**/config.ts, delivery/**/config.ts, ' +
      'export/**/config.ts',
    'attic/j.ts is in no folder of the import map',
  ])
  assert.deepEqual(strayPackages(made, packageHomes), ['web/f.ts imports ajv, whose home is documents'])
  assert.deepEqual(siblingImports(made, 'delivery/receivers'), [
    'delivery/receivers/slack/send.ts imports delivery/receivers/email/h.ts, its neighbour',
  ])
  assert.match('const a = Date.now()', worldlyCalls)
})

test('docs/architecture.md shows the import map as it is checked', () => {
  const page = readRepositoryFile('docs/architecture.md')
  for (const [folder, allowed] of Object.entries(importMap)) {
    if (folder.startsWith('core/')) continue
    const row = `| \`${folder}\` | ${allowed.map((name) => `\`${name}\``).join(', ')} |`
    assert.ok(page.includes(`${row}\n`), `the row is missing or differs: ${row}`)
  }
  const core = Object.keys(importMap).filter((folder) => folder.startsWith('core/'))
  assert.ok(page.includes(core.map((folder) => folder.slice('core/'.length)).join(' ← ')), 'the line of core differs')
})
