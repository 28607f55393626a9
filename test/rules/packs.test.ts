import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { Ajv } from 'ajv'
import { loadRules } from '../../src/rules/load-rules.ts'
import { readDocuments } from '../../src/rules/read-documents.ts'
import { parseRuleTests } from '../../src/rules/rule-test/parse-rule-tests.ts'
import { readTestFiles } from '../../src/rules/rule-test/read-test-files.ts'
import { runRuleTests } from '../../src/simulation/rule-test/run-rule-tests.ts'
import { repositoryFiles, repositoryRoot } from '../support/repository-files.ts'
import { firingTests, type PackFile, packsPage, silentTests } from './packs-page.ts'

const folders = ['rules/active-active', 'rules/packs']
const shipped = folders.flatMap((folder) => repositoryFiles(`${folder}/**/*.yaml`))
const ruleFiles = shipped.filter(({ path }) => !path.endsWith('.test.yaml'))
const packs = await Promise.all(ruleFiles.map(readPack))

/** The topics that a service in several active regions is watched by. */
const activeActiveTopics = [
  'cross-region-success',
  'regional-errors',
  'replication-lag',
  'conflicts',
  'convergence',
  'traffic-shares',
  'failover-time',
  'latency',
  'stale-reads',
  'security',
]

test('all shipped rules can be loaded together without a single problem', async () => {
  const { slos, problems } = await loadRules([join(repositoryRoot, 'rules')])
  assert.deepEqual(problems, [])
  assert.ok(slos.length > packs.length)
})

test('each file of a pack has no problem when it is copied alone', async () => {
  for (const { path } of ruleFiles) {
    const { slos, problems } = await loadRules([join(repositoryRoot, path)])
    assert.deepEqual(problems, [], path)
    assert.ok(slos.length > 0, path)
  }
})

test('there is a pack for every kind of system, from OpenTelemetry and from exporters', () => {
  const sources = Map.groupBy(ruleFiles, ({ path }) => path.slice(0, path.lastIndexOf('/')))
  assert.deepEqual(
    [...sources].map(([folder, files]) => [folder, files.length]),
    [
      ['rules/active-active', 2],
      ['rules/packs/databases', 3],
      ['rules/packs/grpc', 2],
      ['rules/packs/http', 2],
      ['rules/packs/kubernetes-apiserver', 1],
      ['rules/packs/message-queues', 3],
    ],
  )
})

test('both files of the active-active pack have an SLO for each topic', () => {
  for (const source of ['otel', 'prometheus']) {
    const names = packs.flatMap(({ slos }) => slos.map(({ name }) => name))
    const prefix = `active-active-${source}-`
    assert.deepEqual(
      names.filter((name) => name.startsWith(prefix)),
      activeActiveTopics.map((topic) => `${prefix}${topic}`),
    )
  }
})

test('each file names its schema and says at its top what it expects and what to change', () => {
  for (const { path, text } of shipped) {
    const toRoot = '../'.repeat(path.split('/').length - 2)
    const schema = path.endsWith('.test.yaml') ? 'sloburn.test.v1' : 'sloburn.v1'
    assert.ok(text.startsWith(`# yaml-language-server: $schema=${toRoot}schema/${schema}.schema.json\n#\n`), path)
  }
  for (const { path, text } of ruleFiles) {
    const comment = text.slice(0, text.indexOf('\napiVersion'))
    for (const part of ['# Metrics', '# Labels', '# To change']) assert.ok(comment.includes(part), `${path}: ${part}`)
  }
})

test('an editor that knows draft-07 and nothing of ours accepts every file', () => {
  const [isRule, isRuleTest] = [schemaCheck('sloburn.v1'), schemaCheck('sloburn.test.v1')]
  for (const { path, text } of shipped) {
    const isValid = path.endsWith('.test.yaml') ? isRuleTest : isRule
    for (const { value } of readDocuments({ name: path, text }).documents) {
      assert.ok(isValid(value), `${path}: ${JSON.stringify(isValid.errors)}`)
    }
  }
})

test('each SLO says what it is for and where to look first', () => {
  for (const { name, description, runbook } of packs.flatMap(({ slos }) => slos)) {
    assert.match(description, /^[A-Z].{20,}\.$/, name)
    assert.match(runbook ?? '', /^https:\/\/runbooks\.example\.com\/[a-z-]+\/[a-z-]+$/, name)
  }
})

test('each SLO has a test in which it fires, and one in which it counts and stays silent', () => {
  for (const { slos, tests } of packs) {
    for (const slo of slos) {
      assert.ok(firingTests(slo, tests).length > 0, `${slo.name} never fires`)
      assert.ok(silentTests(slo, tests).length > 0, `${slo.name} is never seen to stay silent`)
    }
  }
})

test('the tests of the packs pass, and every series in them is counted', async () => {
  const { files, problems } = await readTestFiles(folders.map((folder) => join(repositoryRoot, folder)))
  assert.deepEqual(problems, [])
  assert.equal(files.length, ruleFiles.length)
  for await (const result of runRuleTests(files, { isWanted: () => true, now: () => 0 })) {
    assert.deepEqual(result.problems, [], result.file)
    for (const { name, problems: wrong, failures } of result.tests) {
      assert.deepEqual([...wrong, ...failures.map(({ problem }) => problem)], [], `${result.file}: ${name}`)
    }
  }
})

test('docs/packs.md tells every SLO, what it needs and when it fires', (t) => {
  const page = join(repositoryRoot, 'docs/packs.md')
  t.assert.fileSnapshot(packsPage(packs), page, { serializers: [(text) => String(text)] })
})

async function readPack({ path, text }: { path: string; text: string }): Promise<PackFile> {
  const { slos } = await loadRules([join(repositoryRoot, path)])
  const testPath = path.replace(/\.yaml$/, '.test.yaml')
  const written = shipped.find((file) => file.path === testPath)
  assert.ok(written !== undefined, `${testPath} is missing`)
  const { documents, problems } = parseRuleTests({ name: testPath, text: written.text })
  assert.deepEqual(problems, [], testPath)
  return { path, text, slos, tests: documents.flatMap(({ tests }) => tests) }
}

function schemaCheck(name: string) {
  const [{ text }] = repositoryFiles(`rules/schema/${name}.schema.json`)
  return new Ajv({ strict: false }).compile(JSON.parse(text))
}
