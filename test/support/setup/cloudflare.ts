import { createHash, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'
import { DatabaseSync } from 'node:sqlite'

import { unstable_splitSqlQuery as splitSql } from 'wrangler'
import * as z from 'zod'

import { assert } from '../../../src/platform/assert.ts'

/**
 * An account as the API that wrangler talks to shows it, with what setting up touches: databases, Workers, secrets.
 *
 * Written from what the pinned wrangler asks and expects. It shows that the commands and their order fit together, and
 * cannot show that Cloudflare answers so.
 */
export interface Account {
  /** What a wrangler process needs in its environment to be logged in here. */
  readonly environment: Readonly<Record<string, string>>
  readonly databases: ReadonlyMap<string, DatabaseSync>
  /** Secrets by Worker and name. */
  readonly workers: ReadonlyMap<string, ReadonlyMap<string, string>>
  /** Every call that was not a look, in its order: method and path. */
  readonly changes: readonly string[]
  /** Lets every call whose path matches fail from now on. */
  readonly breakDown: (path: RegExp) => void
  readonly close: () => Promise<void>
}

interface Call {
  readonly method: string
  readonly path: string
  readonly body: string
}

type Answer =
  | { readonly result: unknown }
  | { readonly status: number; readonly code: number; readonly message: string }

const prefix = '/client/v4/accounts/account-1'
const named = z.object({ name: z.string() })
const secretShape = z.object({ name: z.string(), text: z.string(), type: z.literal('secret_text') })
const queryShape = z.object({ sql: z.string() })
const importShape = z.discriminatedUnion('action', [
  z.object({ action: z.literal('init'), etag: z.string() }),
  z.object({ action: z.literal('ingest'), filename: z.string(), etag: z.string() }),
])

export async function openAccount(): Promise<Account> {
  const databases = new Map<string, DatabaseSync>()
  const workers = new Map<string, Map<string, string>>()
  const changes: string[] = []
  const uploads = new Map<string, string>()
  let broken: RegExp | undefined
  const server = createServer(async (request, response) => {
    const call = await readCall(request)
    if (call.path.startsWith('/upload/')) {
      uploads.set(call.path.slice(1), call.body)
      return response.writeHead(200, { etag: `"${md5(call.body)}"` }).end()
    }
    if (!isLook(call)) changes.push(`${call.method} ${call.path}`)
    const answer = broken?.test(call.path)
      ? { status: 500, code: 10_001, message: 'internal error' }
      : (answerDatabase(call, databases, uploads, origin) ?? answerWorker(call, workers) ?? nothing(call))
    const isFailure = 'status' in answer
    response.writeHead(isFailure ? answer.status : 200, { 'content-type': 'application/json' }).end(
      JSON.stringify({
        success: !isFailure,
        result: isFailure ? null : answer.result,
        errors: isFailure ? [{ code: answer.code, message: answer.message }] : [],
        messages: [],
      }),
    )
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const address = server.address()
  assert(typeof address === 'object' && address !== null, 'the server listens on a port')
  const origin = `http://127.0.0.1:${address.port}`
  return {
    environment: {
      CLOUDFLARE_API_BASE_URL: `${origin}/client/v4`,
      CLOUDFLARE_API_TOKEN: 'token-of-the-test',
      CLOUDFLARE_ACCOUNT_ID: 'account-1',
    },
    databases,
    workers,
    changes,
    breakDown: (path) => (broken = path),
    close: async () => {
      server.closeAllConnections()
      await once(server.close(), 'close')
    },
  }
}

async function readCall(request: IncomingMessage): Promise<Call> {
  const { pathname } = new URL(request.url ?? '/', 'http://account')
  return { method: request.method ?? '', path: pathname.replace(prefix, ''), body: await text(request) }
}

/** Reading by SQL is a POST, and the table of migrations is made by whoever asks for it. */
function isLook({ method, path, body }: Call): boolean {
  if (method === 'GET') return true
  return (
    path.endsWith('/query') &&
    /^(?:\s*SELECT|\s*CREATE TABLE IF NOT EXISTS)/i.test(queryShape.parse(JSON.parse(body)).sql)
  )
}

function answerDatabase(
  { method, path, body }: Call,
  databases: Map<string, DatabaseSync>,
  uploads: ReadonlyMap<string, string>,
  origin: string,
): Answer | undefined {
  const [, name, action] = /^\/d1\/database(?:\/([^/]+))?(?:\/([^/]+))?$/.exec(path) ?? []
  if (!path.startsWith('/d1/database')) return undefined
  if (name === undefined && method === 'GET') return { result: [...databases.keys()].map(asDatabase) }
  if (name === undefined) {
    const created = named.parse(JSON.parse(body)).name
    databases.set(created, new DatabaseSync(':memory:'))
    return { result: asDatabase(created) }
  }
  const database = databases.get(name)
  if (database === undefined) return { status: 404, code: 7404, message: `database ${name} not found` }
  if (action === undefined) return { result: asDatabase(name) }
  if (action === 'query') return query(database, queryShape.parse(JSON.parse(body)).sql)
  return { result: ingest(database, importShape.parse(JSON.parse(body)), uploads, origin) }
}

/** Its name is its id too, so that it is found by either. */
function asDatabase(name: string) {
  return {
    uuid: name,
    name,
    created_at: '2026-11-22T00:00:00Z',
    version: 'production',
    num_tables: 0,
    file_size: 0,
  }
}

function query(database: DatabaseSync, sql: string): Answer {
  try {
    const result = splitSql(sql).map((statement) => ({
      results: database.prepare(statement).all(),
      success: true,
      meta: { duration: 0 },
    }))
    return { result }
  } catch (error) {
    return { status: 400, code: 7500, message: String(error) }
  }
}

function ingest(
  database: DatabaseSync,
  step: z.infer<typeof importShape>,
  uploads: ReadonlyMap<string, string>,
  origin: string,
) {
  if (step.action === 'init') {
    const filename = `upload/${randomUUID()}`
    return { success: true, type: 'import', messages: [], upload_url: `${origin}/${filename}`, filename }
  }
  const sql = uploads.get(step.filename) ?? ''
  assert(md5(sql) === step.etag, 'the file arrived whole')
  database.exec(`BEGIN; ${sql}; COMMIT`)
  const meta = { duration: 0, rows_read: 0, rows_written: 0, size_after: 0 }
  return {
    success: true,
    type: 'import',
    status: 'complete',
    messages: [],
    result: { num_queries: splitSql(sql).length, final_bookmark: 'bookmark', meta },
  }
}

function answerWorker(
  { method, path, body }: Call,
  workers: Map<string, Map<string, string>>,
): Answer | undefined {
  const [, name = '', part] = /^\/workers\/scripts\/([^/]+)(\/secrets)?$/.exec(path) ?? []
  if (name === '') return undefined
  if (part === undefined && method === 'PUT') {
    workers.set(name, new Map())
    return { result: { id: name } }
  }
  const secrets = workers.get(name)
  if (secrets === undefined)
    return { status: 404, code: 10_007, message: 'This Worker does not exist on your account.' }
  if (method === 'GET')
    return { result: [...secrets.keys()].map((key) => ({ name: key, type: 'secret_text' })) }
  const secret = secretShape.parse(JSON.parse(body))
  secrets.set(secret.name, secret.text)
  return { result: { name: secret.name, type: secret.type } }
}

function nothing({ method, path }: Call): Answer {
  return { status: 404, code: 7003, message: `no such call: ${method} ${path}` }
}

function md5(content: string): string {
  return createHash('md5').update(content).digest('hex')
}
