#!/usr/bin/env node
// Plain JavaScript for any Node from 18 on: it finds a Node that can run the rest.
import { spawn } from 'node:child_process'
import { existsSync, realpathSync } from 'node:fs'
import module from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const nodeMajorMin = 24
/** Set for the Node started below, so that one that is too old as well ends in the message and not in a loop. */
const startedMark = 'SLOBURN_NODE_FOUND'

const here = dirname(realpathSync(fileURLToPath(import.meta.url)))
const checkout = join(here, '..', 'src', 'main.ts')
const main = existsSync(checkout) ? checkout : join(here, '..', 'dist', 'main.js')

if (Number.parseInt(process.versions.node, 10) >= nodeMajorMin) {
  delete process.env[startedMark]
  // Compiled code is kept between runs: a command starts in two thirds of the time.
  module.enableCompileCache?.()
  await import(pathToFileURL(main).href)
} else {
  const newer = process.env[startedMark] === undefined ? installedNode(here) : undefined
  if (newer === undefined) {
    process.stderr.write(
      `sloburn needs Node ${nodeMajorMin} or newer; this is ${process.version} and no newer one is installed beside it.\n` +
        `    hint: install Node ${nodeMajorMin}, or run "npm ci" in the checkout, which brings one\n`,
    )
    process.exitCode = 2
  } else {
    runWith(newer)
  }
}

/** The Node that the npm package `node` puts beside its dependents. */
function installedNode(directory) {
  const candidate = join(directory, 'node_modules', '.bin', 'node')
  if (existsSync(candidate)) return candidate
  const parent = dirname(directory)
  return parent === directory ? undefined : installedNode(parent)
}

/** Becomes, as far as a process can, the other Node: same arguments, streams, signals and end. */
function runWith(node) {
  const child = spawn(node, [...process.execArgv, fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    stdio: 'inherit',
    env: { ...process.env, [startedMark]: '1' },
  })
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGUSR2']
  for (const signal of signals) process.on(signal, () => child.kill(signal))
  child.on('error', (error) => {
    process.stderr.write(`sloburn cannot start ${node}: ${error.message}\n`)
    process.exitCode = 2
  })
  child.on('exit', (code, signal) => {
    for (const name of signals) process.removeAllListeners(name)
    if (signal === null) process.exitCode = code ?? 2
    else process.kill(process.pid, signal)
  })
}
