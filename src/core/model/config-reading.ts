import type { Secret, SecretSource } from './secret.ts'

/** What a part of the engine config gets while it is turned from a checked document into settings. */
export interface ConfigReading {
  /** Resolves a secret; one that cannot be resolved is reported, and an empty one returned. */
  secret(source: SecretSource, path: string): Secret
  /** Reports what a schema cannot see. `path` is a JSON pointer inside the part. */
  report(path: string, message: string, hint: string): void
}
