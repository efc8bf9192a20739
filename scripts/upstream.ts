import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'

import { ok, type Result } from '../src/platform/result.ts'
import { bundle, type BundleFailure, type BundleSource } from './bundle.ts'
import { claimPortNear, host, startRuntime, type LogSink, type PortFailure } from './runtime.ts'

/** The demo API on a port of its own, as a process apart from the gateway: what is behind a gateway usually is. */
export interface Upstream {
  readonly origin: string
  readonly close: () => Promise<void>
}

export const upstreamSource: BundleSource = {
  config: 'examples/upstream/wrangler.toml',
  inputs: ['examples/upstream/**', 'package-lock.json'],
}

export interface UpstreamOptions {
  readonly port: number
  readonly stateDir: string
  readonly onLog: LogSink
}

export async function startUpstream(
  options: UpstreamOptions,
): Promise<Result<Upstream, PortFailure | BundleFailure>> {
  const { onLog } = options
  const built = await bundle(upstreamSource)
  if (!built.ok) return built
  const stateDir = join(options.stateDir, 'upstream')
  await mkdir(stateDir, { recursive: true })
  const port = await claimPortNear(options.port)
  if (!port.ok) return port
  const { worker } = built.value
  const miniflare = await startRuntime({ worker, port: port.value, stateDir, bindings: {}, onLog })
  return ok({ origin: `http://${host}:${port.value}`, close: () => miniflare.dispose() })
}
