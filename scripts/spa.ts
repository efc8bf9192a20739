import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'

import { ok, type Result } from '../src/platform/result.ts'
import { bundle, type BundleFailure, type BundleSource } from './bundle.ts'
import { claimPortNear, startRuntime, type LogSink, type PortFailure } from './runtime.ts'

/** The demo application on an origin of its own, as a customer's would be. */
export interface Spa {
  readonly origin: string
  readonly close: () => Promise<void>
}

export interface SpaOptions {
  readonly port: number
  readonly issuer: string
  readonly client_id: string
  readonly stateDir: string
  readonly onLog: LogSink
}

export const spaSource: BundleSource = {
  config: 'examples/spa/wrangler.toml',
  inputs: ['examples/spa/**', 'package-lock.json'],
}

export async function startSpa(options: SpaOptions): Promise<Result<Spa, PortFailure | BundleFailure>> {
  const { issuer, client_id, onLog } = options
  const built = await bundle(spaSource)
  if (!built.ok) return built
  const stateDir = join(options.stateDir, 'spa')
  await mkdir(stateDir, { recursive: true })
  const port = await claimPortNear(options.port)
  if (!port.ok) return port
  const { worker } = built.value
  const bindings = { ISSUER: issuer, CLIENT_ID: client_id }
  const miniflare = await startRuntime({ worker, port: port.value, stateDir, bindings, onLog })
  return ok({ origin: `http://localhost:${port.value}`, close: () => miniflare.dispose() })
}
