import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { assert } from '../src/platform/assert.ts'
import { ok, type Result } from '../src/platform/result.ts'
import { readSettings } from '../src/settings.ts'
import type { BundleFailure } from './bundle.ts'
import type { LogSink, PortFailure } from './runtime.ts'
import { seed, seedKeys, type Demo } from './seed.ts'
import { startServer, type Server, type ServerFailure } from './server.ts'
import { startSpa, type Spa } from './spa.ts'
import { startUpstream, type Upstream } from './upstream.ts'

/** The gateway with the demo behind it and in it: what `npm start` serves and what tests and the bench talk to. */
export interface DemoServer extends Server {
  readonly demo: Demo
  readonly upstreamOrigin: string
  readonly spaOrigin: string
}

export interface DemoOptions {
  readonly port: number
  readonly stateDir: string
  readonly fresh: boolean
  /** Variables beyond those of wrangler.toml; they win over the demo's own. */
  readonly vars: Readonly<Record<string, string>>
  readonly onLog: LogSink
  readonly servesFiles: boolean
}

const ownerOnly = 0o600
const demoVars = { REGISTRATION: 'open', ALLOW_LOOPBACK: 'true', SIGN_UP: 'open' }

const spaClientId = 'spa'

export async function startDemoServer(options: DemoOptions): Promise<Result<DemoServer, ServerFailure>> {
  const { stateDir, onLog } = options
  let neighbours: Neighbours | undefined
  const started = await startServer({
    ...options,
    vars: { ...demoVars, ...options.vars },
    async startBeside(url) {
      const beside = await startNeighbours(url, stateDir, onLog)
      if (beside.ok) neighbours = beside.value
      return beside
    },
  })
  if (!started.ok) return started
  assert(neighbours !== undefined, 'a server that has started has its neighbours')
  const server = started.value
  const origins = { upstream: neighbours.upstream.origin, spa: neighbours.spa.origin }
  const settings = readSettings(server.bindings)
  if (!settings.ok) assert(false, `the demo's settings are valid, got ${JSON.stringify(settings.failure)}`)
  const input = { database: server.database, settings: settings.value, origins, nowMs: Date.now() }
  const demo = await seed({ ...input, rootSecret: server.bindings['GATEWRIGHT_SECRET'] ?? '' })
  await writeDemo(stateDir, demo)
  // Last, because `/healthz` says that the server is ready as soon as there are keys.
  await seedKeys(input)
  return ok({ ...server, demo, upstreamOrigin: origins.upstream, spaOrigin: origins.spa })
}

interface Neighbours {
  readonly upstream: Upstream
  readonly spa: Spa
  readonly close: () => Promise<void>
}

/** The demo API behind the gateway and the application in front of it, on the two ports after the gateway's. */
async function startNeighbours(
  issuer: string,
  stateDir: string,
  onLog: LogSink,
): Promise<Result<Neighbours, PortFailure | BundleFailure>> {
  const port = Number(new URL(issuer).port)
  const upstream = await startUpstream({ port: port + 1, stateDir, onLog })
  if (!upstream.ok) return upstream
  const spa = await startSpa({ port: port + 2, issuer, client_id: spaClientId, stateDir, onLog })
  if (!spa.ok) {
    await upstream.value.close()
    return spa
  }
  const both = { upstream: upstream.value, spa: spa.value }
  return ok({
    ...both,
    close: async () => {
      await Promise.all([both.upstream.close(), both.spa.close()])
    },
  })
}

/** The file holds credentials; an older one may have been opened to others, so it is written anew. */
async function writeDemo(stateDir: string, demo: Demo): Promise<void> {
  const path = join(stateDir, 'demo.json')
  await rm(path, { force: true })
  await writeFile(path, `${JSON.stringify(demo, null, 2)}\n`, { mode: ownerOnly })
}
