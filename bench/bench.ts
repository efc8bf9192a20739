import { readFile, mkdtemp, rm } from 'node:fs/promises'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'

import { startDemoServer, type DemoServer } from '../scripts/demo-server.ts'
import { runtimePidFile } from '../scripts/state-folder.ts'
import { assert } from '../src/platform/assert.ts'
import { measure, median, type Caller, type Measured } from './load.ts'
import { bareAnswer, bareProxy, startPeer } from './peers.ts'
import { form, get, refreshing, repeating, type Row } from './rows.ts'
import { DemoPerson } from './sign-in.ts'

/** Enough to keep the runtime busy, few enough that the load itself does not starve it on two cores. */
const callerCount = 8
const warmUpEach = 60
const requestsEach = 250
/** Rows take turns, so that a machine that slows down slows all of them. */
const rounds = 5

/** `npm run bench`: what each kind of request costs, beside a Worker that only answers and one that only proxies. */
async function bench(): Promise<void> {
  const stateDir = await mkdtemp(join(tmpdir(), 'gatewright-bench-'))
  const started = await startDemoServer({
    port: 0,
    stateDir,
    fresh: false,
    vars: {},
    servesFiles: false,
    onLog: () => {},
  })
  assert(started.ok, 'the server starts')
  const server = started.value
  const answer = await startPeer('bare-answer', bareAnswer, '')
  const proxy = await startPeer('bare-proxy', bareProxy, server.upstreamOrigin)
  try {
    await raiseLimits(server)
    const rows: readonly Row[] = [
      row('a Worker that only answers', answer.stateDir, repeating(get(answer.url))),
      row('a Worker that only proxies', proxy.stateDir, repeating(get(`${proxy.url}/api/users/123`))),
      ...(await ourRows(server, stateDir)),
    ]
    print(await run(rows))
  } finally {
    await Promise.all([server.close(), answer.close(), proxy.close()])
    await rm(stateDir, { recursive: true, force: true })
  }
}

/** The limits are not what is measured: the demo's plan for races lifts them for all who call here. */
async function raiseLimits({ database }: DemoServer): Promise<void> {
  for (const table of ['clients', 'api_keys']) {
    await database.prepare(`UPDATE ${table} SET plan = 'races'`).run()
  }
}

async function ourRows({ demo, url }: DemoServer, stateDir: string): Promise<readonly Row[]> {
  const users = `${url}${demo.routes.users}/123`
  const { client_id, client_secret } = demo.service
  const resourceServer = demo.resource_server
  const tokenCall = form(`${url}/oauth/token`, {
    grant_type: 'client_credentials',
    client_id,
    client_secret,
    scope: 'read',
  })
  const answer = await fetch(tokenCall.url, { ...tokenCall })
  const token = String(Object(await answer.json()).access_token)
  const introspection = form(`${url}/oauth/introspect`, { client_id, client_secret, token })
  const grants = await new DemoPerson(demo).grants(callerCount)
  const strict = form(`${url}/oauth/introspect`, {
    client_id: resourceServer.client_id,
    client_secret: resourceServer.client_secret,
    token: grants[0]?.access_token ?? '',
    strict: 'true',
  })
  return [
    row('discovery', stateDir, repeating(get(`${url}/.well-known/openid-configuration`))),
    row('proxied call, API key', stateDir, repeating(get(users, { 'x-api-key': demo.api_key }))),
    row('proxied call, token', stateDir, repeating(get(users, { authorization: `Bearer ${token}` }))),
    row('token, client_credentials', stateDir, repeating(tokenCall)),
    row('introspection of an access token', stateDir, repeating(introspection)),
    row('introspection of an access token, strict', stateDir, repeating(strict)),
    {
      name: 'refresh with rotation',
      stateDir,
      callers: grants.map(({ refresh_token }) => refreshing(demo, refresh_token)),
    },
  ]
}

function row(name: string, stateDir: string, caller: Caller): Row {
  return { name, stateDir, callers: Array.from({ length: callerCount }, () => caller) }
}

async function run(rows: readonly Row[]): Promise<ReadonlyMap<string, readonly Measured[]>> {
  const measured = new Map<string, Measured[]>(rows.map(({ name }) => [name, []]))
  for (const { callers, stateDir } of rows) await measure(callers, warmUpEach, await pidOf(stateDir))
  for (let round = 1; round <= rounds; round += 1) {
    for (const { name, callers, stateDir } of rows) {
      measured.get(name)?.push(await measure(callers, requestsEach, await pidOf(stateDir)))
    }
  }
  return measured
}

async function pidOf(stateDir: string): Promise<number> {
  return Number(await readFile(join(stateDir, runtimePidFile), 'utf8'))
}

function print(measured: ReadonlyMap<string, readonly Measured[]>): void {
  const model = cpus()[0]?.model ?? 'unknown'
  const total = rounds * requestsEach * callerCount
  console.log(`${model}, ${cpus().length} cores, Node ${process.version}, direct miniflare`)
  console.log(
    `${total} requests a row in ${rounds} rounds, ${callerCount} callers at once; medians of the rounds\n`,
  )
  console.log('| Request | CPU of the runtime, µs | against only proxying | p50, ms | p99, ms | a second |')
  console.log('|---|---|---|---|---|---|')
  const cpuOf = (name: string) => median((measured.get(name) ?? []).map((one) => one.cpuMicroseconds))
  const base = cpuOf('a Worker that only proxies')
  for (const [name, list] of measured) {
    const of = (field: keyof Measured) => median(list.map((one) => one[field]))
    const ratio = (cpuOf(name) / base).toFixed(2)
    const cells = [
      of('cpuMicroseconds').toFixed(0),
      `${ratio} ×`,
      of('p50Ms').toFixed(2),
      of('p99Ms').toFixed(2),
      of('perSecond').toFixed(0),
    ]
    console.log(`| ${name} | ${cells.join(' | ')} |`)
  }
}

await bench()
