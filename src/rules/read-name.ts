import { type Reading, readText } from './read-values.ts'
import { nameSchema } from './schema/scalar-schemas.ts'

const namePattern = new RegExp(nameSchema.pattern, 'u')

/** The document's name; a name that cannot be one is reported together with the nearest that can. */
export function readName(reading: Reading): string | undefined {
  const path = ['metadata', 'name']
  const name = readText(reading, path)
  if (name === undefined || (namePattern.test(name) && name.length <= nameSchema.maxLength)) return name
  const possible = nearestName(name)
  const hint = possible === '' ? undefined : `for example ${possible}`
  const message = `the name "${name}" cannot be used: ${nameSchema.errorMessage}`
  reading.problems.report({ code: nameSchema['x-code'], path, message, hint })
  return undefined
}

function nearestName(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/[^a-z0-9._-]+/g, '-')
    .slice(0, nameSchema.maxLength)
    .replaceAll(/^[._-]+|[._-]+$/g, '')
}
