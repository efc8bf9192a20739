import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFile, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'

import * as z from 'zod'

import { assert } from '../src/platform/assert.ts'
import { moduleTypes, type Bundle } from './bundle.ts'
import { workerd } from './runtime.ts'

/** Neighbours on the machine only ever add time, so more rounds make the best of them truer. */
const rounds = 15
const listening = z.object({ event: z.literal('listen'), port: z.number() })
const kinds = { ESModule: 'esModule', Text: 'text', Data: 'data', CompiledWasm: 'wasm' }
const bareWorker = 'export default { fetch: () => new Response("bare") }'

/** CPU milliseconds over a bare Worker's. */
export interface StartUp {
  /** Over one that carries the same files as data: what our code does. */
  readonly ownMs: number
  /** Over one that carries nothing: with the reading of our files. */
  readonly withFilesMs: number
}

/**
 * What our code adds to the CPU time that workerd takes from its start to its first answer, in milliseconds.
 *
 * Bare Workers are started in turn with ours and the best of several rounds is taken of each. One carries the files of
 * ours as plain data, and the bound is held against that one: reading megabytes out of a configuration file is work that only this local runtime does. CPU time
 * and not the clock's, because the clock also tells how busy the machine is with something else.
 */
export async function measureStartUp(bundle: Bundle): Promise<StartUp> {
  // The configuration may embed files of its own folder only.
  const folder = await mkdtemp(join(tmpdir(), 'gatewright-start-up-'))
  const names = await readdir(bundle.folder)
  await Promise.all(names.map((name) => copyFile(join(bundle.folder, name), join(folder, name))))
  await writeFile(join(folder, 'bare.js'), bareWorker)
  const bare = configuration(bundle, ['bare.js'], [])
  const laden = configuration(bundle, ['bare.js'], names)
  const ours = configuration(bundle, names, [])
  const times = { bare: Infinity, laden: Infinity, ours: Infinity }
  for (let round = 0; round < rounds; round += 1) {
    times.bare = Math.min(times.bare, await cpuMsToAnswer(folder, bare))
    times.laden = Math.min(times.laden, await cpuMsToAnswer(folder, laden))
    times.ours = Math.min(times.ours, await cpuMsToAnswer(folder, ours))
  }
  await rm(folder, { recursive: true })
  return { ownMs: times.ours - times.laden, withFilesMs: times.ours - times.bare }
}

/** The runtime's own configuration, without bindings: modules are evaluated before any of them is read. */
function configuration({ worker }: Bundle, names: readonly string[], cargo: readonly string[]): string {
  const modules = names.flatMap((name) => {
    const type = extname(name) === '.js' ? 'ESModule' : moduleTypes[extname(name)]
    return type === undefined ? [] : [`(name = ${quoted(name)}, ${kinds[type]} = embed ${quoted(name)})`]
  })
  const carried = cargo.map((name) => `(name = ${quoted(`${name}.data`)}, data = embed ${quoted(name)})`)
  // The main module is the first one.
  const sorted = modules.toSorted((a, b) => Number(b.includes('esModule')) - Number(a.includes('esModule')))
  const flags = (worker.compatibilityFlags ?? []).map(quoted).join(', ')
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = (
    modules = [${[...sorted, ...carried].join(', ')}],
    compatibilityDate = ${quoted(worker.compatibilityDate ?? '')},
    compatibilityFlags = [${flags}]
  ))],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")]
);`
}

function quoted(text: string): string {
  return JSON.stringify(text)
}

async function cpuMsToAnswer(folder: string, config: string): Promise<number> {
  const path = join(folder, 'config.capnp')
  await writeFile(path, config)
  const child = spawn(workerd, ['serve', '--control-fd=3', path], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  })
  const exit = once(child, 'exit')
  const control = child.stdio[3]
  assert(control instanceof Readable, 'the runtime has a control pipe')
  const line = await Promise.race([once(createInterface(control), 'line'), exit])
  const { port } = listening.parse(JSON.parse(String(line[0])))
  const response = await fetch(`http://127.0.0.1:${port}/healthz`)
  await response.arrayBuffer()
  const tookMs = await cpuMs(child.pid ?? 0)
  child.kill('SIGKILL')
  await exit
  return tookMs
}

/** Of the main thread, which evaluates modules. Linux alone counts in nanoseconds, so this check runs on Linux. */
async function cpuMs(pid: number): Promise<number> {
  const [nanoseconds] = (await readFile(`/proc/${pid}/schedstat`, 'utf8')).split(' ')
  return Number(nanoseconds) / 1e6
}
