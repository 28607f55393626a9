import assert from 'node:assert/strict'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { openLoopbackServer } from '../../src/app/demo/loopback-server.ts'
import { type DashboardsArguments, runDashboards } from '../../src/cli/dashboards.ts'
import { dashboardUids } from '../../src/dashboards/dashboard.ts'
import { editorToken, openGrafana, viewerToken } from '../support/grafana-server.ts'
import { repositoryRoot } from '../support/repository-files.ts'

const demo = join(repositoryRoot, 'rules/demo')

async function run(
  paths: readonly string[],
  options: Partial<DashboardsArguments>,
  env: Readonly<Record<string, string>> = {},
) {
  const said = { out: '', err: '' }
  const io = {
    stdout: { write: (text: string) => (said.out += text) !== '' },
    stderr: { write: (text: string) => (said.err += text) !== '' },
    env,
  }
  return { code: await runDashboards(paths, { schema: 'classic', ...options }, io), ...said }
}

async function folder(t: TestContext): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'sloburn-dashboards-'))
  t.after(() => rm(path, { recursive: true, force: true }))
  return path
}

const withToken = { GRAFANA_TOKEN: editorToken }

test('writes dashboards, what the linter leaves out, and provisioning', async (t) => {
  const out = join(await folder(t), 'new/place')
  const { code, err } = await run([demo], { out })
  assert.equal(code, 0, err)
  assert.deepEqual((await readdir(out, { recursive: true })).toSorted(), [
    '.lint',
    'provisioning',
    'provisioning/dashboards',
    'provisioning/dashboards/sloburn.yaml',
    'provisioning/datasources',
    'provisioning/datasources/sloburn.yaml',
    ...dashboardUids.map((uid) => `${uid}.json`).toSorted(),
  ])
})

test('takes rules and settings from an engine config, whose secrets need not be at hand', async (t) => {
  const place = await folder(t)
  const config = join(place, 'sloburn.yaml')
  await writeFile(
    config,
    `rules: ['${demo}']
receivers: [{ name: oncall, webhook: { url: 'http://127.0.0.1:1/', secret: { env: NOWHERE } } }]
routes: [{ receivers: [oncall] }]
externalUrl: https://slo.example.com
dashboards: { folder: Shop, cost: { perHour: cloud_cost, currency: USD } }
`,
  )
  const { code, err } = await run([config], { out: place })
  assert.equal(code, 0, err)
  const executive = await readFile(join(place, 'slo-exec.json'), 'utf8')
  assert.match(executive, /currencyUSD/)
  assert.match(executive, /https:\/\/slo\.example\.com/)
  assert.match(await readFile(join(place, 'provisioning/dashboards/sloburn.yaml'), 'utf8'), /folder: "Shop"/)
})

for (const schema of ['classic', 'v2'] as const) {
  test(`writes to a Grafana, finds nothing different then, and tells what was changed by hand: ${schema}`, async (t) => {
    const grafana = await openGrafana()
    t.after(() => grafana.close())
    const { url } = grafana
    const before = await run([demo], { schema, diff: url }, withToken)
    assert.equal(before.code, 1)
    assert.match(before.out, /^slo-exec: is not in http/)

    const pushed = await run([demo], { schema, push: url }, withToken)
    assert.equal(pushed.code, 0, pushed.err)
    assert.deepEqual(
      pushed.out.trim().split('\n'),
      dashboardUids.map((uid) => `${url}/d/${uid}`),
    )
    assert.deepEqual([...grafana.dashboards.keys()], dashboardUids)
    assert.deepEqual([...grafana.folders], [['sloburn-slo', 'SLO']])
    for (const { folderUid } of grafana.dashboards.values()) assert.equal(folderUid, 'sloburn-slo')

    const same = await run([demo], { schema, diff: url }, withToken)
    assert.equal(same.code, 0, same.out)
    assert.equal(same.out, dashboardUids.map((uid) => `${uid}: the same\n`).join(''))

    const stored = grafana.dashboards.get('slo-oncall')
    assert.ok(stored !== undefined)
    stored.dashboard = JSON.parse(JSON.stringify(stored.dashboard).replace('"Open pages"', '"Pages"'))
    const changed = await run([demo], { schema, diff: url }, withToken)
    assert.equal(changed.code, 1)
    assert.match(changed.out, /^slo-oncall: 1 difference\n {2}\/\S+\/title\n {4}- "Pages"\n {4}\+ "Open pages"$/m)

    assert.equal((await run([demo], { schema, push: url }, withToken)).code, 0)
    assert.equal((await run([demo], { schema, diff: url }, withToken)).code, 0)
    assert.equal(grafana.dashboards.get('slo-oncall')?.version, 2)
    assert.equal(grafana.requests.filter((line) => line === 'POST /api/folders').length, 1)
  })
}

test('says what to do when a Grafana does not do what is asked', async (t) => {
  const grafana = await openGrafana()
  t.after(() => grafana.close())
  const { url } = grafana
  const elsewhere = await openLoopbackServer((request, response) => {
    if (request.url === '/moved/api/folders/sloburn-slo') response.writeHead(302, { location: '/login' }).end()
    else response.end('<html>')
  })
  t.after(() => elsewhere.close())
  const cases: readonly (readonly [Partial<DashboardsArguments>, Readonly<Record<string, string>>, RegExp])[] = [
    [{ diff: url }, {}, /set GRAFANA_TOKEN to the token of a service account/],
    [{ diff: url, tokenFile: '/no/such/file' }, {}, /cannot be read: ENOENT/],
    [{ diff: url }, { GRAFANA_TOKEN: 'wrong' }, /HTTP 401; the token is not accepted/],
    [{ push: url }, { GRAFANA_TOKEN: viewerToken }, /HTTP 403; .*needs the role Editor/],
    [{ push: `${elsewhere.url}/moved` }, withToken, /HTTP 302; it redirects, perhaps to a login page/],
    [{ diff: elsewhere.url }, withToken, /not JSON: is this the address of a Grafana/],
    [{ diff: 'http://127.0.0.1:1' }, withToken, /127\.0\.0\.1:1 cannot be reached/],
    [{ push: 'grafana' }, withToken, /grafana is not an http or https address/],
    [{}, {}, /give --out DIRECTORY, --diff URL or --push URL/],
  ]
  for (const [options, env, message] of cases) {
    const { code, err, out } = await run([demo], options, env)
    assert.equal(code, 2)
    assert.match(err, message)
    for (const token of Object.values(env)) assert.ok(!(err + out).includes(token), 'no token is printed')
  }
})

test('reads the token from a file, and refuses rules that are wrong', async (t) => {
  const grafana = await openGrafana()
  t.after(() => grafana.close())
  const place = await folder(t)
  const tokenFile = join(place, 'token')
  await writeFile(tokenFile, `${editorToken}\n`)
  assert.equal((await run([demo], { push: grafana.url, tokenFile })).code, 0)

  await writeFile(join(place, 'rules.yaml'), 'apiVersion: sloburn/v1\nkind: SLO\nmetadata: { name: a }\nspec: {}\n')
  const wrong = await run([join(place, 'rules.yaml')], { out: place })
  assert.equal(wrong.code, 1)
  assert.match(wrong.err, /rules\.yaml:4/)
  assert.equal((await run([join(place, 'nothing')], { out: place })).code, 2)
  assert.deepEqual((await readdir(place)).toSorted(), ['rules.yaml', 'token'])
})
