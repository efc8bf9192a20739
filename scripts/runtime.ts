import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { join } from 'node:path'
import process from 'node:process'

import { Miniflare, convertV4MiniflareOptions, type V4WorkerOptions } from 'miniflare'
import * as z from 'zod'

import { ok, fail, type Result } from '../src/platform/result.ts'
import { root } from './root.ts'
import { runtimePidFile } from './state-folder.ts'

export interface RuntimeOptions {
  readonly worker: V4WorkerOptions
  readonly port: number
  readonly stateDir: string
  readonly bindings: Readonly<Record<string, string>>
  readonly onLog: LogSink
}

export type LogSink = (line: { readonly level: string; readonly message: string }) => void

export type PortFailure = { readonly reason: 'port_unusable'; readonly port: number; readonly cause: string }

export const host = '127.0.0.1'

/** The package tells where its binary lies, but declares no types. */
export const workerd = z
  .object({ default: z.string() })
  .parse(createRequire(import.meta.url)('workerd')).default

/** Starts workerd on its leash, without `wrangler dev` in between: that serves a third of the requests. */
export async function startRuntime(options: RuntimeOptions): Promise<Miniflare> {
  process.env['MINIFLARE_WORKERD_PATH'] = join(root, 'scripts/workerd-leash.sh')
  const { worker, port, stateDir, bindings, onLog } = options
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      host,
      port,
      resourcePersistencePath: stateDir,
      handleStructuredLogs: onLog,
      unsafeRuntimeEnv: {
        GATEWRIGHT_WORKERD: workerd,
        GATEWRIGHT_WORKERD_PID_FILE: join(stateDir, runtimePidFile),
      },
      workers: [{ ...worker, bindings: { ...worker.bindings, ...bindings } }],
    }),
  )
  await miniflare.ready
  return miniflare
}

/**
 * Asks the system for a port, or for any free one when it is 0. The runtime could ask itself, but its complaint
 * arrives as a crash, and the issuer has to be known before it starts.
 */
export async function claimPort(port: number): Promise<Result<number, PortFailure>> {
  const { promise, resolve } = Promise.withResolvers<Result<number, PortFailure>>()
  const server = createServer()
  server.once('error', (error) => resolve(fail({ reason: 'port_unusable', port, cause: error.message })))
  server.listen({ host, port }, () => {
    const address = server.address()
    const given = typeof address === 'object' && address !== null ? address.port : port
    server.close(() => resolve(ok(given)))
  })
  return promise
}

/** The port that is wished for, so that it stays the same between starts, or any free one when it is taken. */
export async function claimPortNear(port: number): Promise<Result<number, PortFailure>> {
  const wished = port <= portMax ? await claimPort(port) : undefined
  return wished?.ok ? wished : claimPort(0)
}

const portMax = 65_535
