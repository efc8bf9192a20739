import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { setTimeout as delay } from 'node:timers/promises'

import * as z from 'zod'

import { root } from '../../scripts/root.ts'
import { claimPort } from '../../scripts/runtime.ts'
import { assert } from '../../src/platform/assert.ts'

const readyTimeoutMs = 30_000
const pollMs = 50

const demoShape = z.looseObject({
  issuer: z.string(),
  user: z.strictObject({ email: z.string(), password: z.string() }),
  operator: z.strictObject({ client_id: z.string(), client_secret: z.string() }),
  service: z.strictObject({ client_id: z.string(), client_secret: z.string(), scope: z.string() }),
  spa: z.strictObject({ client_id: z.string(), redirect_uri: z.string() }),
  resource_server: z.strictObject({ client_id: z.string(), client_secret: z.string() }),
  api_key: z.string(),
  routes: z.looseObject({ users: z.string() }),
})

/** `npm start` as a process of its own, to be killed outright and started again on the same state and port. */
export class ServerProcess {
  readonly url: string
  readonly stateDir: string
  readonly #port: number
  #child: ChildProcess | null = null
  #output = ''

  private constructor(port: number, stateDir: string) {
    this.#port = port
    this.stateDir = stateDir
    this.url = `http://localhost:${port}`
  }

  /** Takes a free port and an empty state directory, and starts. */
  static async start(): Promise<ServerProcess> {
    const port = await claimPort(0)
    assert(port.ok, 'there is a free port')
    const server = new ServerProcess(port.value, await mkdtemp(join(tmpdir(), 'gatewright-process-')))
    await server.restart()
    return server
  }

  get pid(): number | undefined {
    return this.#child?.pid
  }

  /** Everything that it has printed, since the first start. */
  get output(): string {
    return this.#output
  }

  /** Starts it after it has ended, and comes back when it says that it is ready and answers `/healthz` with 200. */
  async restart(): Promise<void> {
    assert(this.#child === null, 'the process before this one has ended')
    const script = join(root, 'scripts/start.ts')
    const options = ['--port', String(this.#port), '--state', this.stateDir]
    const child = spawn(process.execPath, [script, ...options], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.#child = child
    const before = this.#output.length
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk) => (this.#output += String(chunk)))
    for (let waitedMs = 0; waitedMs < readyTimeoutMs; waitedMs += pollMs) {
      if (this.#output.includes('ready on', before) && (await this.#isHealthy())) return
      assert(child.exitCode === null, `the server stays up, got ${this.#output}`)
      await delay(pollMs)
    }
    assert(false, `the server is ready within ${readyTimeoutMs} ms, got ${this.#output}`)
  }

  async demo(): Promise<z.infer<typeof demoShape>> {
    return demoShape.parse(JSON.parse(await readFile(join(this.stateDir, 'demo.json'), 'utf8')))
  }

  /** Ends it by its id; SIGKILL leaves it no time to write anything down. */
  async end(signal: 'SIGKILL' | 'SIGTERM' | 'SIGINT'): Promise<void> {
    const child = this.#child
    if (child === null) return
    this.#child = null
    if (child.exitCode !== null) return
    const exit = once(child, 'exit')
    child.kill(signal)
    await exit
  }

  async close(): Promise<void> {
    await this.end('SIGTERM')
    await rm(this.stateDir, { recursive: true, force: true })
  }

  async #isHealthy(): Promise<boolean> {
    const response = await fetch(`${this.url}/healthz`).catch(() => undefined)
    await response?.body?.cancel()
    return response?.status === 200
  }
}
