import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { assert } from '../src/platform/assert.ts'
import { ok, type Result } from '../src/platform/result.ts'
import { readSettings } from '../src/settings.ts'
import type { LogSink } from './runtime.ts'
import { seed, type Demo } from './seed.ts'
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
}

const ownerOnly = 0o600
const demoVars = { REGISTRATION: 'open', ALLOW_LOOPBACK: 'true' }

const spaClientId = 'spa'

export async function startDemoServer(options: DemoOptions): Promise<Result<DemoServer, ServerFailure>> {
  const { stateDir, onLog } = options
  const started = await startServer({ ...options, vars: { ...demoVars, ...options.vars } })
  if (!started.ok) return started
  const server = started.value
  const neighbours = await startNeighbours(server.url, stateDir, onLog)
  if (!neighbours.ok) {
    await server.close()
    return neighbours
  }
  const { upstream, spa } = neighbours.value
  const settings = readSettings(server.bindings)
  if (!settings.ok) assert(false, `the demo's settings are valid, got ${JSON.stringify(settings.failure)}`)
  const demo = await seed({
    database: server.database,
    settings: settings.value,
    rootSecret: server.bindings['GATEWRIGHT_SECRET'] ?? '',
    origins: { upstream: upstream.origin, spa: spa.origin },
    nowMs: Date.now(),
  })
  await writeDemo(stateDir, demo)
  return ok({
    ...server,
    demo,
    upstreamOrigin: upstream.origin,
    spaOrigin: spa.origin,
    close: async () => {
      await Promise.all([server.close(), upstream.close(), spa.close()])
    },
  })
}

interface Neighbours {
  readonly upstream: Upstream
  readonly spa: Spa
}

/** The demo API behind the gateway, and the application in front of it, whose port is two above the gateway's. */
async function startNeighbours(
  issuer: string,
  stateDir: string,
  onLog: LogSink,
): Promise<Result<Neighbours, ServerFailure>> {
  const upstream = await startUpstream(stateDir, onLog)
  if (!upstream.ok) return upstream
  const port = Number(new URL(issuer).port) + 2
  const spa = await startSpa({ port, issuer, client_id: spaClientId, stateDir, onLog })
  if (spa.ok) return ok({ upstream: upstream.value, spa: spa.value })
  await upstream.value.close()
  return spa
}

/** The file holds credentials; an older one may have been opened to others, so it is written anew. */
async function writeDemo(stateDir: string, demo: Demo): Promise<void> {
  const path = join(stateDir, 'demo.json')
  await rm(path, { force: true })
  await writeFile(path, `${JSON.stringify(demo, null, 2)}\n`, { mode: ownerOnly })
}
