import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { startDemoServer, type DemoServer } from '../../scripts/demo-server.ts'
import { assert } from '../../src/platform/assert.ts'

/** A seeded server of a test file's own, with what its Worker has logged. */
export interface TestServer extends DemoServer {
  readonly stateDir: string
  readonly logs: readonly LogLine[]
}

export interface LogLine {
  readonly level: string
  readonly message: string
}

/** Serves the real bundle on a free loopback port, with a state directory that goes when it closes. */
export async function startTestServer(vars: Readonly<Record<string, string>> = {}): Promise<TestServer> {
  const stateDir = await mkdtemp(join(tmpdir(), 'gatewright-test-'))
  const logs: LogLine[] = []
  const started = await startDemoServer({
    port: 0,
    stateDir,
    fresh: false,
    vars,
    servesFiles: true,
    onLog: (line) => logs.push(line),
  })
  if (!started.ok) assert(false, `the server starts, got ${JSON.stringify(started.failure)}`)
  return {
    ...started.value,
    stateDir,
    logs,
    close: async () => {
      await started.value.close()
      await rm(stateDir, { recursive: true, force: true })
    },
  }
}
