import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { referencePages } from '../scripts/reference-pages.ts'
import { problemCodes } from '../src/core/model/problem-codes.ts'
import { counters, gauges, histograms } from '../src/telemetry/catalogue.ts'
import { readRepositoryFile, repositoryFiles, repositoryRoot } from './support/repository-files.ts'

const sources = repositoryFiles('src/**/*.ts')

test('docs/errors.md and docs/metrics.md are what the source says', () => {
  for (const [path, text] of referencePages()) {
    assert.equal(readRepositoryFile(path), text, `${path} is out of date: npm run docs`)
  }
})

test('every problem code and every metric has its line', () => {
  const errors = readRepositoryFile('docs/errors.md')
  for (const code of Object.keys(problemCodes)) assert.ok(errors.includes(`| \`${code}\` |`), code)
  const metrics = readRepositoryFile('docs/metrics.md')
  for (const name of Object.keys({ ...counters, ...gauges, ...histograms })) {
    assert.ok(metrics.includes(`| \`${name}\` |`), name)
  }
})

test('every problem code is given by something, and every metric is counted by something', () => {
  const elsewhere = sources.filter(({ path }) => !/problem-codes|catalogue|ports\/meter/.test(path))
  const words = new Set(elsewhere.flatMap(({ text }) => text.match(/\b\w+\b/g) ?? []))
  const names = [problemCodes, counters, gauges, histograms].flatMap((catalogue) => Object.keys(catalogue))
  assert.deepEqual(
    names.filter((name) => !words.has(name)),
    [],
  )
})

test('links between documents lead to files that are there', () => {
  const pages = [...repositoryFiles('*.md'), ...repositoryFiles('docs/**/*.md')]
  const links = pages.flatMap(({ path, text }) => {
    return [...text.matchAll(/\]\((?!https?:|mailto:|#)([^)#\s]+)[^)]*\)/g)].map(([, target = '']) => ({
      path,
      target,
    }))
  })
  assert.ok(links.length > 0, 'no links were found')
  assert.deepEqual(
    links.filter(({ path, target }) => !existsSync(join(repositoryRoot, dirname(path), target))),
    [],
  )
})

test('the pieces of code in docs/style.md stand in the code', () => {
  const style = readRepositoryFile('docs/style.md')
  const pieces = [...style.matchAll(/^```ts\n\/\/ (\S+)\n([\s\S]*?)^```$/gm)]
  assert.equal(pieces.length, style.split('```ts\n').length - 1, 'a piece does not begin with its file')
  assert.ok(pieces.length >= 10)
  for (const [, path = '', piece = ''] of pieces) {
    const source = readRepositoryFile(path)
    for (const line of piece.split('\n')) {
      assert.ok(line === '…' || source.includes(line.trim()), `docs/style.md quotes ${path}: ${line}`)
    }
  }
})

test('no file tells the machine or the registry it was made on', () => {
  const folders = ['work', 'farm', 'root', 'home', 'Users'].join('|')
  const machinePath = new RegExp(`(?:^|[\\s"'\`(=:])/(?:${folders})/`, 'm')
  const registry = /"resolved": "http[s:]|registry\.npmjs/
  const files = ['*', '.*', '{.ci,bench,bin,docs,rules,scripts,src,test}/**/*'].flatMap(repositoryFiles)
  assert.ok(files.some(({ path }) => path === 'package-lock.json'))
  const telling = files.filter(({ text }) => machinePath.test(text) || registry.test(text)).map(({ path }) => path)
  assert.deepEqual(telling, [])
  assert.match(['cd ', 'home', 'someone'].join('/'), machinePath)
})

test('the changelog begins with what is not released yet, and its lines say for whom and where', () => {
  const changelog = readRepositoryFile('CHANGELOG.md')
  assert.equal(/^## \[(.+?)\]/m.exec(changelog)?.[1], 'Unreleased')
  const lines = changelog.split('\n').filter((line) => line.startsWith('- '))
  const form = /^- \[(CHANGE|FEATURE|ENHANCEMENT|PERF|BUGFIX|SECURITY)\] [a-z][a-z /-]*: [^ ]/
  assert.deepEqual(
    lines.filter((line) => !form.test(line)),
    [],
  )
})
