import type { DatabaseSync, SQLInputValue, SQLOutputValue, StatementSync } from 'node:sqlite'

/** Values of the named parameters of a statement; others are ignored, and every one that it names has to be there. */
export type Parameters = Readonly<Record<string, SQLInputValue>>

/** A statement that is run often; its parameters are given by name. */
export interface Prepared {
  run(parameters?: Parameters): ReturnType<StatementSync['run']>
  get(parameters?: Parameters): Record<string, SQLOutputValue> | undefined
  all(parameters?: Parameters): Record<string, SQLOutputValue>[]
  iterate(parameters?: Parameters): Iterable<Record<string, SQLOutputValue>>
}

/**
 * Prepares a statement with parameters such as `:name`. SQLite is given them by number: to find each by its name takes Node longer
 * than most of our statements take to run.
 */
export function prepared(database: DatabaseSync, sql: string): Prepared {
  const names: string[] = []
  const statement = database.prepare(
    sql.replace(/:(\w+)/g, (_, name: string) => {
      if (!names.includes(name)) names.push(name)
      return `?${names.indexOf(name) + 1}`
    }),
  )
  const valuesOf = (parameters: Parameters): SQLInputValue[] => names.map((name) => parameters[name])

  return {
    run: (parameters = {}) => statement.run(...valuesOf(parameters)),
    get: (parameters = {}) => statement.get(...valuesOf(parameters)),
    all: (parameters = {}) => statement.all(...valuesOf(parameters)),
    iterate: (parameters = {}) => statement.iterate(...valuesOf(parameters)),
  }
}
