// The programs some tests run for real, and how a Debian machine gets them. Plain JavaScript, because setup.js
// runs before anything is installed.
import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** Programs by name, with the Debian package each comes in and the service that package would start, if any. */
export const debianTools = [
  { program: 'prometheus', package: 'prometheus', service: 'prometheus' },
  { program: 'promtool', package: 'prometheus', service: 'prometheus' },
  { program: 'victoria-metrics', package: 'victoria-metrics', service: 'victoria-metrics' },
  { program: 'vmagent', package: 'victoria-metrics', service: 'victoria-metrics' },
  { program: 'vmalert', package: 'victoria-metrics', service: 'victoria-metrics' },
  { program: 'prometheus-node-exporter', package: 'prometheus-node-exporter', service: 'prometheus-node-exporter' },
  { program: 'prometheus-alertmanager', package: 'prometheus-alertmanager', service: 'prometheus-alertmanager' },
  { program: 'pdfinfo', package: 'poppler-utils' },
  { program: 'pdftotext', package: 'poppler-utils' },
  { program: 'qpdf', package: 'qpdf' },
  { program: 'chromium', package: 'chromium' },
]

/** Debian's switch for "a package being installed may not start its service": exit code 101. */
const policyFile = '/usr/sbin/policy-rc.d'
const aptMinutesMax = 10

/**
 * The full path of a program on the PATH, or undefined.
 * @param {string} name
 */
export function findProgram(name) {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '')
  return folders.map((folder) => join(folder, name)).find(isExecutable)
}

/**
 * Installs the packages whose programs are missing, where that is possible; says so where it is not.
 * @param {(line: string) => void} say
 */
export function installDebianTools(say) {
  const missing = debianTools.filter(({ program }) => findProgram(program) === undefined)
  if (missing.length === 0) return
  const names = missing.map(({ program }) => program).join(', ')
  const obstacle = obstacleToInstalling()
  if (obstacle !== undefined) {
    say(`${names} not found and ${obstacle}: tests that need them will be skipped`)
    return
  }

  const packages = [...new Set(missing.map((tool) => tool.package))]
  say(`installing Debian packages for the tests: ${packages.join(' ')} …`)
  const services = [...new Set(missing.flatMap(({ service }) => service ?? []))]
  if (!aptInstall(packages, services)) say(`apt-get failed: tests that need ${names} will be skipped`)
}

function obstacleToInstalling() {
  if (!existsSync('/etc/debian_version') || findProgram('apt-get') === undefined) return 'this is not Debian'
  if (process.getuid?.() !== 0) return 'only root can install Debian packages'
  return undefined
}

/** @param {string[]} packages @param {string[]} services */
function aptInstall(packages, services) {
  const ownPolicy = !existsSync(policyFile)
  if (ownPolicy) writeFileSync(policyFile, '#!/bin/sh\nexit 101\n', { mode: 0o755 })
  try {
    run('apt-get', '-qq', '-o', 'Acquire::Retries=3', 'update')
    return run('apt-get', '-qq', '-y', '-o', 'Acquire::Retries=3', 'install', '--no-install-recommends', ...packages)
  } finally {
    if (ownPolicy) rmSync(policyFile)
    else for (const service of services) run('service', service, 'stop')
    for (const service of services) run('update-rc.d', service, 'disable')
  }
}

/**
 * Progress goes to stderr with all other progress; answers whether the program succeeded.
 * @param {string} program
 * @param {...string} args
 */
function run(program, ...args) {
  const { status } = spawnSync(program, args, {
    stdio: ['ignore', 2, 2],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    timeout: aptMinutesMax * 60_000,
  })
  return status === 0
}

/** @param {string} path */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
