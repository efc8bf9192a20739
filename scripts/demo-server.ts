import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { assert } from '../src/platform/assert.ts'
import { ok, type Result } from '../src/platform/result.ts'
import { readSettings } from '../src/settings.ts'
import type { LogSink } from './runtime.ts'
import { seed, type Demo } from './seed.ts'
import { startServer, type Server, type ServerFailure } from './server.ts'
import { startUpstream } from './upstream.ts'

/** The gateway with the demo behind it and in it: what `npm start` serves and what tests and the bench talk to. */
export interface DemoServer extends Server {
  readonly demo: Demo
  readonly upstreamOrigin: string
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

export async function startDemoServer(options: DemoOptions): Promise<Result<DemoServer, ServerFailure>> {
  const { stateDir, onLog } = options
  const started = await startServer({ ...options, vars: { ...demoVars, ...options.vars } })
  if (!started.ok) return started
  const server = started.value
  const upstream = await startUpstream(stateDir, onLog)
  if (!upstream.ok) {
    await server.close()
    return upstream
  }
  const settings = readSettings(server.bindings)
  assert(settings.ok, `the demo's settings are valid, got ${JSON.stringify(settings)}`)
  const { database, url } = server
  const upstreamOrigin = upstream.value.origin
  const demo = await seed({ database, settings: settings.value, stateDir, upstreamOrigin, issuer: url })
  await writeDemo(stateDir, demo)
  return ok({
    ...server,
    demo,
    upstreamOrigin,
    close: async () => {
      await Promise.all([server.close(), upstream.value.close()])
    },
  })
}

/** The file holds credentials; an older one may have been opened to others, so it is written anew. */
async function writeDemo(stateDir: string, demo: Demo): Promise<void> {
  const path = join(stateDir, 'demo.json')
  await rm(path, { force: true })
  await writeFile(path, `${JSON.stringify(demo, null, 2)}\n`, { mode: ownerOnly })
}
