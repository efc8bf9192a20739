import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { claimPort, startRuntime } from '../scripts/runtime.ts'
import { assert } from '../src/platform/assert.ts'

/** A Worker to be compared with, in the same runtime and with nothing in it that could be left out. */
export interface Peer {
  readonly url: string
  readonly stateDir: string
  readonly close: () => Promise<void>
}

/** Answers by itself: what a request costs before anything is done. */
export const bareAnswer = `export default { fetch() { return new Response('{}') } }`

/** Passes every request on: what a proxy costs that asks nobody who is calling. */
export const bareProxy = `export default {
  fetch(request, env) {
    const { pathname, search } = new URL(request.url)
    return fetch(env.UPSTREAM + pathname + search, request)
  },
}`

export async function startPeer(name: string, script: string, upstream: string): Promise<Peer> {
  const stateDir = await mkdtemp(join(tmpdir(), 'gatewright-bench-'))
  const port = await claimPort(0)
  assert(port.ok, 'there is a free port')
  const miniflare = await startRuntime({
    worker: { name, modules: true, script, compatibilityDate: '2026-10-20' },
    port: port.value,
    stateDir,
    bindings: { UPSTREAM: upstream },
    onLog: () => {},
  })
  return {
    url: `http://localhost:${port.value}`,
    stateDir,
    close: async () => {
      await miniflare.dispose()
      await rm(stateDir, { recursive: true, force: true })
    },
  }
}
