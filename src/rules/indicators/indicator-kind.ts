import type { Indicator } from '../../core/model/indicator.ts'
import type { JsonSchema } from '../../documents/json-schema.ts'
import type { Path } from '../../documents/source-document.ts'
import type { Language } from '../languages.ts'
import type { Reading } from '../read-values.ts'

/** Everything about one kind of indicator: what stands in a file, how it is read, and how it is written again. */
export interface IndicatorKind {
  readonly schema: JsonSchema
  /** The language of its texts that must be loaded before it is read. */
  readonly language?: Language
  /** The indicator under the path; undefined when something is wrong, which is then reported. */
  read(reading: Reading, path: Path): Indicator | undefined
  /** What stands in a file for the indicator; undefined when it is not of this kind. */
  print(indicator: Indicator): Readonly<Record<string, unknown>> | undefined
}
