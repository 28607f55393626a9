import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseConfig } from '../../src/config/parse-config.ts'

function parsed(delivery: string) {
  const values: Readonly<Record<string, string>> = { HTTPS_PROXY: 'http://ana:word@proxy:3128', NO_PROXY: '.svc' }
  return parseConfig(`rules: [r/]\ndelivery: ${delivery}\n`, 'sloburn.yaml', {
    read: (source) => {
      const value = 'env' in source ? values[source.env] : undefined
      return value === undefined ? { reason: 'it is not set' } : { value }
    },
  })
}

test('reads the way out for messages, and shows no password of it', () => {
  const { config, problems } = parsed('{ proxy: { env: HTTPS_PROXY }, noProxy: { env: NO_PROXY } }')
  assert.deepEqual(problems, [])
  assert.equal(config?.delivery.proxy?.url.reveal(), 'http://ana:word@proxy:3128')
  assert.equal(config?.delivery.proxy?.noProxy, '.svc')
  assert.doesNotMatch(JSON.stringify(config), /word/)
})

test('goes straight unless told otherwise', () => {
  assert.equal(parsed('{ allowInternal: [a.svc] }').config?.delivery.proxy, undefined)
})

test('says what is wrong with a proxy, without its value', () => {
  const { problems } = parsed('{ proxy: "socks5://ana:word@proxy:1080" }')
  assert.deepEqual(
    problems.map(({ code, at }) => `${at.path} ${code}`),
    ['/delivery/proxy CONFIG_VALUE'],
  )
  assert.doesNotMatch(JSON.stringify(problems), /word/)
  assert.ok(parsed('{ noProxy: .svc }').problems.length > 0, 'exceptions from nothing')
  assert.ok(parsed('{ proxy: { env: MISSING } }').problems.length > 0)
})
