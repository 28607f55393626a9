// Plain JavaScript for any Node from 18 on, with nothing installed: `npm start` and `npm test` run it first.
// It brings what is missing (npm packages, a Node that is new enough, with --tests also Debian packages) and
// says what it does. When nothing is missing it says nothing and takes a few milliseconds.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { installDebianTools } from './debian-tools.js'

const nodeMajorMin = 24
const root = dirname(dirname(fileURLToPath(import.meta.url)))
const modules = join(root, 'node_modules')
/** Holds the hash of the lock file that node_modules was made from, written once all of it was seen to work. */
const stamp = join(modules, '.sloburn-setup')
const installedNode = join(modules, '.bin', process.platform === 'win32' ? 'node.cmd' : 'node')

installPackages()
if (process.argv.includes('--tests')) installDebianTools(say)

function installPackages() {
  const lock = readFileSync(join(root, 'package-lock.json'))
  const wanted = createHash('sha256').update(lock).digest('hex')
  if (readIfPresent(stamp) === wanted && (existsSync(installedNode) || majorOf(process.version) >= nodeMajorMin)) return
  if (!matchesLock()) {
    say('installing npm packages (about half a minute on a first run) …')
    const status = npm('ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error')
    if (status !== 0) fail('npm ci failed; its own message is above')
  }
  if (!nodeIsNewEnough()) {
    say('the npm package "node" brought no program, its install script may be blocked; running it …')
    npm('rebuild', 'node')
  }
  if (!nodeIsNewEnough()) {
    fail(
      `Node ${nodeMajorMin} or newer is needed; this is ${process.version}, and the npm package "node" could not bring one`,
      `install Node ${nodeMajorMin}, or allow that package's install script: npm rebuild node --ignore-scripts=false`,
    )
  }
  writeFileSync(stamp, wanted)
  say(`ready: Node ${versionOf(installedNode) ?? process.version}`)
}

/** npm keeps a lock file of what it installed; a node_modules made by hand with `npm ci` is as good as ours. */
function matchesLock() {
  const installed = readIfPresent(join(modules, '.package-lock.json'))
  if (installed === undefined) return false
  const present = JSON.parse(installed).packages
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages
  return Object.entries(wanted).every(([path, { version, integrity, optional }]) => {
    const there = present[path]
    if (path === '' || (there === undefined && optional)) return true
    return there !== undefined && there.version === version && there.integrity === integrity
  })
}

function nodeIsNewEnough() {
  return [versionOf(installedNode), process.version].some((version) => majorOf(version) >= nodeMajorMin)
}

/** @param {string} program */
function versionOf(program) {
  if (!existsSync(program)) return undefined
  const { status, stdout } = spawnSync(program, ['--version'], { encoding: 'utf8' })
  return status === 0 ? stdout.trim() : undefined
}

/** @param {string | undefined} version */
function majorOf(version) {
  return Number.parseInt((version ?? '').replace(/^v/, ''), 10) || 0
}

/**
 * Runs the npm that runs us, under its own Node: the one in node_modules is about to be replaced.
 * @param {...string} args
 */
function npm(...args) {
  const { npm_execpath: script, npm_node_execpath: node } = process.env
  const [program, first] = script !== undefined && node !== undefined ? [node, [script]] : ['npm', []]
  const { status, error } = spawnSync(program, [...first, ...args], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: program === 'npm' && process.platform === 'win32',
  })
  if (error !== undefined) say(`cannot run npm: ${error.message}`)
  return status
}

/** @param {string} path */
function readIfPresent(path) {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined
}

/** @param {string} line */
function say(line) {
  process.stderr.write(`setup: ${line}\n`)
}

/** @param {string} message @param {string} [hint] */
function fail(message, hint) {
  say(message)
  if (hint !== undefined) say(`hint: ${hint}`)
  process.exit(1)
}
