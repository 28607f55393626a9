import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseConfig } from '../../src/config/parse-config.ts'
import { defaultLabelTable } from '../../src/ingest/relabel/config.ts'

function parse(text: string) {
  return parseConfig(`rules: [rules/]\n${text}`, 'etc/sloburn.yaml', { read: () => 'unread' })
}

function sourcesIn(text: string) {
  const { config, problems } = parse(text)
  assert.deepEqual(problems, [])
  return config?.sources ?? []
}

test('a source normalises labels by the built-in table and takes every sender for itself', () => {
  const [source] = sourcesIn('sources: [{ name: push, remoteWrite: {} }]')
  assert.deepEqual(source.relabelling, { table: defaultLabelTable, added: new Map() })
  assert.equal(source.replicas, undefined)
})

test('the table at the top holds for all sources, and a source has its own beside it', () => {
  const [one, other] = sourcesIn(`labels: { region: [dc], team: [owner] }
sources:
  - { name: a, remoteWrite: {} }
  - { name: b, labels: { environment: prod }, relabel: { service: [app], region: [] }, replicas: {}, remoteWrite: {} }`)
  assert.deepEqual(one.relabelling.table.get('region'), ['dc'])
  assert.deepEqual(one.relabelling.table.get('zone'), defaultLabelTable.get('zone'))
  assert.deepEqual([...other.relabelling.table].slice(-1), [['team', ['owner']]])
  assert.deepEqual([other.relabelling.table.get('service'), other.relabelling.table.get('region')], [['app'], []])
  assert.deepEqual([...other.relabelling.added], [['environment', 'prod']])
  assert.deepEqual(other.replicas, { label: '__replica__', clusterLabel: 'cluster', failoverMs: 30_000 })
})

test('finds files of targets beside the config', () => {
  const [source] = sourcesIn("sources: [{ name: a, scrape: { files: ['targets/*.yaml', /abs/t.json] } }]")
  assert.deepEqual(source.kind === 'scrape' ? source.settings.files : [], ['etc/targets/*.yaml', '/abs/t.json'])
})

for (const [text, path] of [
  ['labels: { region: dc }', '/labels/region'],
  ['labels: { "a-b": [c] }', '/labels/a-b'],
  ['sources: [{ name: a, labels: { __x: y }, remoteWrite: {} }]', '/sources/0/labels/__x'],
  ["sources: [{ name: a, replicas: {}, scrape: { targets: ['a:1'] } }]", '/sources/0/replicas'],
  ['sources: [{ name: a, scrape: {} }]', '/sources/0/scrape'],
] as const) {
  test(`reports ${path} of ${text}`, () => {
    const { config, problems } = parse(text)
    assert.equal(config, undefined)
    assert.deepEqual(
      problems.map(({ at }) => at.path),
      [path],
    )
  })
}
