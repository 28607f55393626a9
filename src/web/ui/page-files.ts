import { createHash } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { Worker } from 'node:worker_threads'
import type { HttpAnswer, HttpRoute } from '../../ports/http-route.ts'
import { errorAnswer } from '../api/json-answer.ts'
import { style } from './style.ts'

/** Next to this file: TypeScript in a checkout, JavaScript in the package; browsers do not mind what a module is called. */
const folder = new URL('./browser/', import.meta.url)
const extension = import.meta.url.endsWith('.ts') ? '.ts' : '.js'

/** Hold types alone, so that no browser asks for them. */
const typesOnly = [
  'engine-answers',
  'incident-answers',
  'notice-answers',
  'page',
  'slo-answers',
  'slo-charts-parts',
  'wire',
].map((name) => `${name}${extension}`)

/** The modules of the page as the browser asks for them, relative to the page. */
export function modulePaths(): readonly string[] {
  return moduleNames().map((name) => `ui/${name}`)
}

/** `GET /ui/…`: the page's style and modules; a browser asks again and is told that nothing changed. */
export function pageFilesRoute(): HttpRoute {
  let files: Promise<ReadonlyMap<string, PageFile>> | undefined
  return {
    method: 'GET',
    path: '/ui/:file',
    handle: async ({ params, headers }) => {
      files ??= readFiles()
      const file = (await files).get(params['file'] ?? '')
      if (file === undefined) return errorAnswer(404, `the page has no file ${JSON.stringify(params['file'])}`)
      return fileAnswer(file, headers['if-none-match'])
    },
  }
}

interface PageFile {
  readonly text: string
  readonly type: string
  readonly tag: string
}

function fileAnswer({ text, type, tag }: PageFile, known: unknown): HttpAnswer {
  const headers = { 'cache-control': 'no-cache', etag: tag, 'content-type': `${type}; charset=utf-8` }
  return known === tag ? { status: 304, headers } : { status: 200, headers, body: text }
}

function moduleNames(): readonly string[] {
  return readdirSync(folder).filter(isModule).sort()
}

function isModule(name: string): boolean {
  return name.endsWith(extension) && !name.endsWith('.d.ts') && !typesOnly.includes(name)
}

async function readFiles(): Promise<ReadonlyMap<string, PageFile>> {
  const names = moduleNames()
  const written = await Promise.all(names.map((name) => readFile(new URL(name, folder), 'utf8')))
  const texts = extension === '.ts' ? await withoutTypes(written) : written
  const modules = names.map((name, index) => [name, pageFile(texts[index], 'text/javascript')] as const)
  return new Map([...modules, ['style.css', pageFile(style, 'text/css')]])
}

function pageFile(text: string, type: string): PageFile {
  return { text, type, tag: `"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"` }
}

/** Only a checkout does this, once; apart, because what takes types away warns of itself on the engine's own stderr otherwise. */
function withoutTypes(texts: readonly string[]): Promise<readonly string[]> {
  const { promise, resolve, reject } = Promise.withResolvers<readonly string[]>()
  const worker = new Worker(stripTypes, { eval: true, execArgv: ['--no-warnings'], workerData: texts })
  worker.once('message', resolve)
  worker.once('error', reject)
  return promise
}

const stripTypes = `
const { parentPort, workerData } = require('node:worker_threads')
const { stripTypeScriptTypes } = require('node:module')
parentPort.postMessage(workerData.map((text) => stripTypeScriptTypes(text)))
`
