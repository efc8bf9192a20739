// Runs a script on the Node that this repository pins, installing packages first when they are not those of the lockfile.
//
// Plain JavaScript, because it is the one file that runs on whatever Node the machine has (20 or later). The pinned Node
// runs TypeScript by itself and is the one that wrangler needs.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { constants } from 'node:os'
import { delimiter, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const binaries = join(root, 'node_modules', '.bin')
const parentCheckMs = 500
const npmDistanceMax = 4

/** npm's own record of what it installed is compared, so that an `npm ci` by hand counts as well. */
function packagesAreCurrent() {
  const recordPath = join(root, 'node_modules', '.package-lock.json')
  if (!existsSync(recordPath) || !existsSync(join(binaries, 'node'))) return false
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages
  const installed = JSON.parse(readFileSync(recordPath, 'utf8')).packages
  return Object.entries(wanted).every(([path, { version, optional }]) => {
    if (path === '' || (optional && !installed[path])) return true
    return installed[path]?.version === version
  })
}

/** The pinned Node lies in the folder that npm is about to replace, so npm must not be run by it. */
function pathWithoutPackages() {
  return (process.env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => !resolve(folder).startsWith(join(root, 'node_modules')))
    .join(delimiter)
}

function installPackages() {
  console.log('installing the packages of package-lock.json (once; up to a minute)')
  const npm = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    env: { ...process.env, PATH: pathWithoutPackages() },
    encoding: 'utf8',
  })
  if (npm.status === 0) return
  console.error(npm.error ? `npm could not be run: ${npm.error.message}` : `${npm.stdout}${npm.stderr}`)
  console.error('`npm ci` failed; its words are above. Nothing was started.')
  process.exit(1)
}

function run([script, ...options]) {
  if (!script) {
    console.error('usage: node scripts/with-node.mjs <script> [options]')
    process.exit(1)
  }
  const child = spawn(join(binaries, 'node'), [resolve(script), ...options], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, PATH: [binaries, pathWithoutPackages()].join(delimiter) },
  })
  child.on('error', (error) => {
    console.error(`the pinned Node could not be started: ${error.message}`)
    process.exit(1)
  })
  child.on('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]))
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  endWithNpm(child)
}

/**
 * Ends the script when the npm that started it is gone. An npm that is killed outright forwards no signal, and the
 * script would live on holding its port. A shell may stand between, so each link up to npm is watched.
 */
function endWithNpm(child) {
  const links = linksToNpm()
  if (links.length === 0) return
  const stillHold = () => links.every(({ pid, parent }) => parentOf(pid) === parent)
  setInterval(() => stillHold() || child.kill('SIGTERM'), parentCheckMs).unref()
}

function linksToNpm() {
  const links = []
  for (let pid = process.pid; links.length < npmDistanceMax; pid = links.at(-1).parent) {
    const parent = parentOf(pid)
    if (parent === undefined) return []
    links.push({ pid, parent })
    if (/^npm\b|npm-cli/.test(read(`/proc/${parent}/cmdline`))) return links
  }
  return []
}

/** Only Linux tells without another process; elsewhere the script is watched by nobody. */
function parentOf(pid) {
  const parent = /^PPid:\s*(\d+)$/m.exec(read(`/proc/${pid}/status`))?.[1]
  return parent === undefined ? undefined : Number(parent)
}

function read(path) {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

if (!packagesAreCurrent()) installPackages()
run(process.argv.slice(2))
