import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { constantFrom, assert as holds, property, string } from 'fast-check'
import { receiverWords } from '../../src/delivery/text/receiver-words.ts'
import { parseTemplate, TemplateError } from '../../src/delivery/text/template.ts'
import { wordingOf } from '../../src/delivery/wording.ts'
import { silentLog } from '../../src/ports/log.ts'
import { silentMeter } from '../../src/ports/meter.ts'
import { aNotification } from '../support/delivery-messages.ts'

const view = { slo: 'checkout', n: 91, none: null, labels: { team: 'pay' }, deep: { er: { x: 1 } } }

describe('a template', () => {
  const rows: readonly (readonly [string, string])[] = [
    ['no place', 'no place'],
    ['{{slo}} of {{labels.team}}', 'checkout of pay'],
    ['{{ n | burn }} {{n|count}} {{none | burn}} {{none}}', '91× 91 — —'],
    ['{{deep.er.x}}}}', '1}}'],
  ]
  for (const [text, expected] of rows)
    test(`${text} reads ${expected}`, () => assert.equal(parseTemplate(text).render(view), expected))

  for (const text of ['{{', '{{}}', '{{a b}}', '{{a.}}', '{{n | shout}}', '{{n | burn | burn}}', 'x'.repeat(4_001)])
    test(`${text.slice(0, 20)} is none`, () => assert.throws(() => parseTemplate(text), TemplateError))

  for (const text of [
    '{{nothing}}',
    '{{slo.length}}',
    '{{labels}}',
    '{{slo | burn}}',
    '{{constructor}}',
    '{{labels.__proto__}}',
  ])
    test(`${text} has no value`, () => assert.throws(() => parseTemplate(text).render(view), TemplateError))

  test('reaches nothing but its values, whatever is written (fault 72)', () => {
    holds(
      property(string({ maxLength: 300 }), constantFrom('', '{{slo}}', '{{', '}}', '|'), (text, part) => {
        try {
          assert.ok(parseTemplate(text + part + text).render(view).length <= 8_000)
        } catch (error) {
          assert.ok(error instanceof TemplateError)
        }
      }),
    )
  })
})

describe('own words of a receiver', () => {
  test('take the place of the built-in ones, and the rest stays', () => {
    const words = receiverWords(
      'a',
      { title: '{{sev}} {{slo}}', facts: [{ name: 'Team', text: '{{labels.team}}' }] },
      world(),
    )
    const { title, facts, preview } = words(aNotification())
    assert.equal(title, 'SEV2 checkout-availability')
    assert.deepEqual(facts.at(-1), { name: 'Team', text: 'payments' })
    assert.equal(preview, wordingOf(aNotification()).preview)
  })

  test('fall back to the built-in ones where they fail, and the failure is counted (fault 31)', () => {
    const counted: string[] = []
    const meter = { ...silentMeter, count: (name: string) => void counted.push(name) }
    const words = receiverWords('a', { title: '{{labels.missing}}', preview: '{{slo}}' }, { log: silentLog, meter })
    const { title, preview } = words(aNotification())
    assert.equal(title, wordingOf(aNotification()).title)
    assert.equal(preview, 'checkout-availability')
    assert.deepEqual(counted, ['sloburn_template_failures_total'])
  })

  test('of others in a label stay text: a template is not looked for in values', () => {
    const words = receiverWords('a', { title: '{{slo}}' }, world())
    assert.equal(words(aNotification({ slo: '{{labels.team}}' })).title, '{{labels.team}}')
  })
})

function world() {
  return { log: silentLog, meter: silentMeter }
}
