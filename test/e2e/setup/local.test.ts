import { globSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import process from 'node:process'
import { DatabaseSync } from 'node:sqlite'

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import * as z from 'zod'

import { claimPort } from '../../../scripts/runtime.ts'
import { startServer, type Server } from '../../../scripts/server.ts'
import { servedFrom } from '../../../scripts/setup-directory.ts'
import { assert } from '../../../src/platform/assert.ts'
import { ok } from '../../../src/platform/result.ts'
import { openWorkplace, printed, runSetup, type SetupRun, type Workplace } from '../../support/setup/setup.ts'

/** Each command of wrangler takes seconds to start, and a run gives several. */
const setupTimeoutMs = 180_000
const grantShape = z.looseObject({ access_token: z.string() })

let workplace: Workplace
let issuer: string
let first: SetupRun
let second: SetupRun
let configBetween: string
let rowsBetween: unknown
let server: Server

beforeAll(async () => {
  workplace = await openWorkplace()
  const port = await claimPort(0)
  assert(port.ok, 'there is a free port')
  issuer = `http://localhost:${port.value}`
  const options = ['--issuer', issuer, '--config', workplace.config, '--local', '--state', workplace.stateDir]
  first = await runSetup(options)
  configBetween = await workplace.configText()
  rowsBetween = rows()
  second = await runSetup(options)
  server = await serve(port.value)
}, setupTimeoutMs)

afterAll(async () => {
  await server.close()
  await workplace.remove()
})

describe('npm run setup, on a directory of this machine', () => {
  test('makes everything that a deployment needs, and shows no secret but the operator’s', async () => {
    expect(first).toMatchObject({ code: 0, errors: '' })
    expect(first.output).toContain('GATEWRIGHT_SECRET made')
    expect(first.output).toContain('migrations    applied')
    expect(first.output).toContain('signing keys  8 made')
    expect(first.output).not.toContain(await rootSecret())
  })

  test('writes the issuer and no other line of wrangler.toml', async () => {
    const before = (await readFile(join(import.meta.dirname, '../../../wrangler.toml'), 'utf8')).split('\n')
    const after = (await workplace.configText()).split('\n')
    expect(after.filter((line, index) => line !== before[index])).toEqual([`ISSUER = "${issuer}"`])
    expect(after).toHaveLength(before.length)
  })

  test('leaves a state from which a server is ready at once', async () => {
    const response = await fetch(`${server.url}/healthz`)
    expect(server.migrationsApplied).toBe(0)
    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({ status: 'ready', missing: [] })
  })

  test('prints an operator who gets a token that may manage', async () => {
    const grant = await askForToken(printed(first, 'client_id'), printed(first, 'client_secret'))
    expect(grant).toMatchObject({ status: 200, body: { scope: 'manage', token_type: 'Bearer' } })
    const catalog = await fetch(`${server.url}/v1/catalog`, {
      headers: { authorization: `Bearer ${grant.body.access_token}` },
    })
    expect(catalog.status).toBe(200)
  })

  test('run again, says what is there, changes nothing and shows no secret', async () => {
    expect(second).toMatchObject({ code: 0, errors: '' })
    expect(second.output).toContain('GATEWRIGHT_SECRET is there already and stays')
    expect(second.output).toContain('migrations    are there already')
    expect(second.output).toContain('signing keys  8 are there already')
    expect(second.output).toContain('operator      first_operator is there already')
    expect(second.output).not.toContain('client_secret')
    expect(await workplace.configText()).toBe(configBetween)
    expect(rows()).toEqual(rowsBetween)
  })

  test('refuses a state that a server holds', async () => {
    const options = [
      '--issuer',
      issuer,
      '--config',
      workplace.config,
      '--local',
      '--state',
      workplace.stateDir,
    ]
    const run = await runSetup(options)
    expect(run.code).toBe(1)
    expect(run.errors).toContain(`is in use by process ${process.pid}`)
  })
})

async function serve(port: number): Promise<Server> {
  const started = await startServer({
    port,
    stateDir: servedFrom(workplace.stateDir),
    fresh: false,
    servesFiles: true,
    vars: { ISSUER: issuer },
    onLog: () => undefined,
    startBeside: async () => ok({ close: async () => undefined }),
  })
  if (!started.ok) assert(false, `the server starts, got ${JSON.stringify(started.failure)}`)
  return started.value
}

async function askForToken(client_id: string, client_secret: string) {
  const response = await fetch(`${server.url}/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id,
      client_secret,
      scope: 'manage',
    }),
  })
  return { status: response.status, body: grantShape.parse(await response.json()) }
}

async function rootSecret(): Promise<string> {
  const text = await readFile(join(servedFrom(workplace.stateDir), 'secrets.json'), 'utf8')
  return z.object({ GATEWRIGHT_SECRET: z.string().length(43) }).parse(JSON.parse(text)).GATEWRIGHT_SECRET
}

/** Read past wrangler, from the file of the database: what a run writes is looked at, not what it says. */
function rows() {
  const [path] = globSync('d1/*/*.sqlite', { cwd: servedFrom(workplace.stateDir) }).filter(
    (name) => !name.endsWith('metadata.sqlite'),
  )
  assert(path !== undefined, 'there is one database')
  const database = new DatabaseSync(join(servedFrom(workplace.stateDir), path))
  const found = ['signing_keys', 'clients', 'd1_migrations'].map((table) =>
    database.prepare(`SELECT * FROM ${table}`).all(),
  )
  database.close()
  return found
}
