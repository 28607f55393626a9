import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { ruleTestSchema } from '../src/rules/rule-test/rule-test-schema.ts'
import { ruleSchema } from '../src/rules/schema/rule-schema.ts'
import { faultPages } from './fault-pages.ts'
import { referencePages } from './reference-pages.ts'

const schemas = {
  'rules/schema/sloburn.v1.schema.json': ruleSchema,
  'rules/schema/sloburn.test.v1.schema.json': ruleTestSchema,
}

for (const [path, text] of [...referencePages(), ...faultPages()]) write(path, text)
for (const [path, schema] of Object.entries(schemas)) write(path, JSON.stringify(schema, null, 2))
process.exitCode = spawnSync('biome', ['format', '--write', '--log-level=warn', ...Object.keys(schemas)]).status ?? 1

function write(path: string, text: string): void {
  writeFileSync(new URL(`../${path}`, import.meta.url), text)
  console.log(`wrote ${path}`)
}
