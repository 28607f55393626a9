import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { ruleSchema } from '../src/rules/schema/rule-schema.ts'
import { referencePages } from './reference-pages.ts'

const schemaPath = 'rules/schema/sloburn.v1.schema.json'

for (const [path, text] of referencePages()) write(path, text)
write(schemaPath, JSON.stringify(ruleSchema, null, 2))
process.exitCode = spawnSync('biome', ['format', '--write', '--log-level=warn', schemaPath]).status ?? 1

function write(path: string, text: string): void {
  writeFileSync(new URL(`../${path}`, import.meta.url), text)
  console.log(`wrote ${path}`)
}
