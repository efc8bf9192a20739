import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'

import { ok, type Result } from '../src/platform/result.ts'
import { bundle, type BundleFailure, type BundleSource } from './bundle.ts'
import { claimPort, host, startRuntime, type LogSink, type PortFailure } from './runtime.ts'

/** The demo API on a port of its own, as a process apart from the gateway: what is behind a gateway usually is. */
export interface Upstream {
  readonly origin: string
  readonly close: () => Promise<void>
}

const source: BundleSource = {
  config: 'examples/upstream/wrangler.toml',
  inputs: ['examples/upstream/**', 'package-lock.json'],
}

export async function startUpstream(
  stateDir: string,
  onLog: LogSink,
): Promise<Result<Upstream, PortFailure | BundleFailure>> {
  const built = await bundle(source)
  if (!built.ok) return built
  const folder = join(stateDir, 'upstream')
  await mkdir(folder, { recursive: true })
  const port = await claimPort(0)
  if (!port.ok) return port
  const { worker } = built.value
  const miniflare = await startRuntime({ worker, port: port.value, stateDir: folder, bindings: {}, onLog })
  return ok({ origin: `http://${host}:${port.value}`, close: () => miniflare.dispose() })
}
