import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { Ajv } from 'ajv'
import { readDocuments } from '../../../src/rules/read-documents.ts'
import { ruleTestSchema } from '../../../src/rules/rule-test/rule-test-schema.ts'
import { repositoryFiles } from '../../support/repository-files.ts'

const schemaFile = new URL('../../../rules/schema/sloburn.test.v1.schema.json', import.meta.url)
const testFiles = ['rules/**/*.test.yaml', 'test/scenarios/*.test.yaml'].flatMap(repositoryFiles)

test('the published schema is the one that rule tests are checked by', async () => {
  const published: unknown = JSON.parse(await readFile(schemaFile, 'utf8'))
  assert.equal(JSON.stringify(published), JSON.stringify(ruleTestSchema), 'it is out of date: npm run docs')
})

test('an editor that knows draft-07 and nothing of ours accepts our own tests and refuses an unknown key', () => {
  const validate = new Ajv({ strict: false }).compile(ruleTestSchema)
  assert.ok(testFiles.length >= 4, 'our own tests were not found')
  for (const { path, text } of testFiles) {
    for (const { value } of readDocuments({ name: path, text }).documents) {
      assert.ok(validate(value), `${path}: ${JSON.stringify(validate.errors)}`)
      assert.equal(validate({ ...Object(value), nonsense: 1 }), false)
    }
  }
})

test('our own tests name the schema for editors', () => {
  for (const { path, text } of testFiles) {
    assert.match(
      text,
      /^# yaml-language-server: \$schema=(\.\.\/)+(rules\/)?schema\/sloburn\.test\.v1\.schema\.json\n/,
      path,
    )
  }
})

test('every property of the schema tells an editor what it is for', () => {
  for (const [path, schema] of properties(ruleTestSchema, '')) {
    assert.ok('$ref' in schema || 'description' in schema, `${path} has no description`)
  }
})

function* properties(schema: unknown, path: string): Generator<[string, object]> {
  if (typeof schema !== 'object' || schema === null) return
  for (const [key, value] of Object.entries(schema)) {
    if (key === 'examples') continue
    if (key === 'properties' && typeof value === 'object' && value !== null) {
      for (const [name, property] of Object.entries(value)) yield [`${path}/${name}`, Object(property)]
    }
    yield* properties(value, key === 'properties' ? path : `${path}/${key}`)
  }
}
