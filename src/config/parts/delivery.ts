import { type SecretSource, secretSourceSchema } from '../../core/model/secret.ts'
import { allowInternalProblem, type ProxySettings, proxyUrlProblem } from '../../delivery/config.ts'
import { shapeCheck } from '../check-shape.ts'
import { partReading, type Reading } from '../part-reading.ts'

/** Draft-07 schema of `delivery:`. */
const deliverySchema = {
  type: 'object',
  properties: {
    allowInternal: {
      type: 'array',
      items: { type: 'string', minLength: 1, maxLength: 253 },
      maxItems: 100,
      uniqueItems: true,
      description:
        'names, addresses and networks inside your own network that messages may go to: [am.internal, 10.0.0.0/8]',
    },
    proxy: {
      ...secretSourceSchema,
      description: 'The proxy that messages over HTTP go through, such as { env: HTTPS_PROXY }; e-mail never does.',
    },
    noProxy: {
      ...secretSourceSchema,
      description:
        'What is reached without it, written as NO_PROXY is: "am.internal,.svc,10.0.0.0/8"; { env: NO_PROXY }.',
    },
  },
  dependencies: { noProxy: ['proxy'] },
  additionalProperties: false,
} as const

/** Where messages may go. */
export interface DeliveryConfig {
  /** Names, addresses and networks that are internal and yet allowed. */
  readonly allowInternal: readonly string[]
  /** The way out for messages over HTTP; absent where they go straight. */
  readonly proxy?: ProxySettings
}

interface DeliveryDocument {
  readonly allowInternal?: readonly string[]
  readonly proxy?: SecretSource
  readonly noProxy?: SecretSource
}

const hasDeliveryShape = shapeCheck<DeliveryDocument>(deliverySchema)

/** Reads `delivery:`. */
export function readDelivery(value: unknown, reading: Reading): DeliveryConfig {
  if (value === undefined || !hasDeliveryShape(value, '/delivery', reading.problems)) return { allowInternal: [] }
  const allowInternal = value.allowInternal ?? []
  for (const [index, entry] of allowInternal.entries()) {
    const message = allowInternalProblem(entry)
    if (message === undefined) continue
    const hint = 'for example am.example.internal, 10.1.2.3 or 10.0.0.0/8'
    reading.problems.report({ code: 'CONFIG_VALUE', pointer: `/delivery/allowInternal/${index}`, message, hint })
  }
  const proxy = value.proxy === undefined ? undefined : readProxy(value.proxy, value.noProxy, reading)
  return proxy === undefined ? { allowInternal } : { allowInternal, proxy }
}

function readProxy(
  written: SecretSource,
  except: SecretSource | undefined,
  reading: Reading,
): ProxySettings | undefined {
  const part = partReading('/delivery', reading)
  const url = part.secret(written, '/proxy')
  // A check that may not see secrets, or a variable that is missing, which is said already.
  if (url.reveal() === '') return undefined
  const problem = proxyUrlProblem(url.reveal())
  if (problem !== undefined) part.report('/proxy', problem, 'for example http://proxy.example.internal:3128')
  return { url, noProxy: except === undefined ? '' : part.secret(except, '/noProxy').reveal() }
}
