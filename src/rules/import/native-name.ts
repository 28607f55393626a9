import { nameSchema } from '../schema/scalar-schemas.ts'
import { type Carried, carried } from './carried.ts'
import type { ForeignValue } from './foreign-value.ts'
import type { ImportNotes } from './import-notes.ts'

const possible = new RegExp(nameSchema.pattern, 'u')

/** A name that sloburn accepts, made from one that another tool accepts; that it differs is noted. */
export function nativeName(wanted: string, from: ForeignValue, notes: ImportNotes): Carried {
  const name = nearestName(wanted)
  if (name !== wanted && name !== '') {
    const message = `the name "${wanted}" becomes "${name}": names have lower-case letters, digits, "-", "_" and "."`
    notes.warn('IMPORT_RENAMED', from, message)
  }
  // Where nothing is left of it, the native reader says what a name is.
  return carried(name === '' ? wanted : name, from)
}

function nearestName(wanted: string): string {
  if (possible.test(wanted) && wanted.length <= nameSchema.maxLength) return wanted
  return wanted
    .toLowerCase()
    .replaceAll(/[^a-z0-9._-]+/g, '-')
    .slice(0, nameSchema.maxLength)
    .replaceAll(/^[._-]+|[._-]+$/g, '')
}
